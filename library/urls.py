"""Every page's address carries its language; the two apps name the rest. What machines read has no language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path

from catalog.sitemaps import SITEMAPS
from catalog.views.crawlers import robots
from lending.views import health, notices, phone

handler400 = "catalog.views.errors.bad_request"
handler403 = "catalog.views.errors.permission_denied"
handler404 = "catalog.views.errors.page_not_found"
handler500 = "catalog.views.errors.server_error"

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, "django.contrib.sitemaps.views.sitemap"),
    # A service worker's address says which pages it may serve: this one serves none, it only shows notices.
    path("notices/worker.js", notices.worker, name="notices_worker"),
    path("worker.js", phone.worker, name="phone_worker"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", include("catalog.urls")),
        path("", include("lending.urls")),
    ),
]
