<?xml version="1.0" encoding="UTF-8"?>
<!-- ISBNs are found, nothing else. -->
<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:z="http://indexdata.com/zebra-2.0"
                xmlns:marc="http://www.loc.gov/MARC21/slim" version="1.0">
  <xsl:template match="text()"/>
  <xsl:template match="marc:record">
    <z:record z:id="{normalize-space(marc:controlfield[@tag='001'])}">
      <xsl:for-each select="marc:datafield[@tag='020']/marc:subfield[@code='a']">
        <z:index name="isbn:w"><xsl:value-of select="substring-before(concat(., ' '), ' ')"/></z:index>
      </xsl:for-each>
    </z:record>
  </xsl:template>
</xsl:stylesheet>
