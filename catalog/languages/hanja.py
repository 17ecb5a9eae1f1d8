"""Hanja read in Hangul: the characters of older Korean titles and names, which nobody types any more.

The table holds the characters taught in Korean schools and those of surnames with the reading most often met (general
knowledge; the packages on PyPI that know more state no licence). A character that is not here stays as it is. At the
beginning of a word the initial-sound rule applies: ㄹ and ㄴ before i and y are not said, other ㄹ become ㄴ.
"""

from __future__ import annotations

import re
from functools import cache

from catalog.languages.han import simplified
from catalog.languages.hangul import INITIALS, VOWELS, compose, is_syllable, parts

_READINGS = (
    "가家加歌價可街佳假架暇 각各角覺刻脚閣却 간間看簡幹刊肝姦懇 갈渴葛 감感甘減監敢鑑憾 갑甲鉀 "
    "강江強講康降鋼綱剛姜 개開改個介皆概蓋 객客 갱更 거去巨居擧車拒距據 건建件健乾 걸傑乞 검檢劍儉 격格激擊隔 "
    "견見犬堅肩絹遣牽 결決結潔缺訣 겸兼謙 경經京景慶敬警輕驚境鏡競傾耕硬徑竟頃卿庚璟瓊 "
    "계界計季系係階鷄溪契啓戒械繼桂癸 고古高故告固考苦庫孤枯鼓稿顧姑雇 곡曲谷穀哭 곤困坤 골骨 "
    "공工公共空功孔恐供恭攻貢 과科果過課誇寡 곽郭 관關觀官管館冠寬慣貫款 광光廣鑛狂匡 괘掛 괴怪塊愧壞 "
    "교敎交校橋較巧郊矯僑 구口九求救究舊區球句具構丘久苟拘狗龜驅俱懼鷗邱 국國局菊鞠 군軍君郡群 굴屈 궁弓宮窮 "
    "권權卷勸券拳 궐厥闕 궤軌 귀貴歸鬼 규規糾叫閨圭奎 균均菌 극極劇克 근近根勤僅斤謹 금今金禁錦琴禽 급急及給級 "
    "긍肯 기氣記起期基機技器其奇旗紀己企飢祈寄棄騎豈忌畿璣麒琪淇 긴緊 길吉 나那 낙諾 난暖難 남南男 납納 낭娘 "
    "내內乃耐奈 녀女 년年 념念 녕寧 노怒奴努 농農濃 뇌腦惱 능能 니泥 다多茶 단單短團壇端斷段旦但檀丹 달達 "
    "담談淡擔 답答踏畓 당黨當堂唐糖 대大代對待隊帶臺貸戴 덕德悳 도道都度島圖導刀到徒倒逃途桃盜陶挑跳渡稻 "
    "독讀獨毒督篤 돈敦豚 돌突 동東同動洞童冬銅凍桐 두頭斗豆杜 둔鈍屯 득得 등等登燈騰 라羅裸 락落樂絡洛 "
    "란卵亂蘭爛 람覽濫藍 랑浪郞朗廊 래來 랭冷 략略掠 량量良兩凉梁糧諒亮 려旅麗勵慮呂 력力歷曆 련連練聯鍊戀憐蓮 "
    "렬列烈裂劣 렴廉 렵獵 령令領嶺零靈 례禮例隸 로路老勞露爐魯盧 록錄綠祿鹿 론論 롱弄籠 뢰雷賴 료料了療僚 룡龍 "
    "루樓累漏淚屢 류流類留柳劉 륙六陸 륜輪倫 률律率栗 륭隆 릉陵 리理里利李離吏梨裏履 린隣麟 림林臨 립立 "
    "마馬麻磨 막幕莫漠 만萬滿晩慢漫灣 말末 망望亡忘忙妄罔茫 매每買賣妹梅埋媒 맥麥脈 맹猛孟盟盲 면面免勉綿眠 "
    "멸滅 명名明命鳴銘冥 모母毛模謀慕暮某募貌 목木目牧睦沐 몰沒 몽夢蒙 묘妙墓卯苗廟 무無武舞務貿戊茂霧 묵墨默 "
    "문文問門聞 물物勿 미美米未味微尾迷眉 민民敏憫閔 밀密蜜 박朴博薄迫拍泊 반半反班般飯盤伴返叛 발發拔髮 "
    "방方放房訪防邦芳妨傍倣 배北倍拜背配輩杯排培裵裴 백百白伯柏 번番煩飜繁 벌伐罰 범凡犯範汎范 법法 벽壁碧 "
    "변變邊辯辨卞 별別 병兵病丙屛竝 보保報步寶普補譜 복福服復伏卜腹複 본本 봉奉封逢峯蜂鳳 "
    "부父夫部富府婦否扶浮付符附腐負副簿膚赴賦 북北 분分奔粉紛墳憤奮 불不佛弗拂 붕朋崩 "
    "비非比飛備悲費秘批卑婢碑鼻 빈貧賓頻 빙氷聘 사事四士史社使死思寺射師舍謝絲司寫査私巳仕似蛇捨邪賜斜詐斯祀 "
    "삭削朔 산山産散算 살殺 삼三森參 상上相商常想賞狀傷象喪尙霜桑像償祥詳床嘗裳 쌍雙 새塞 색色索 생生 "
    "서西書序署徐庶恕暑緖誓逝敍瑞 석石席夕昔惜析釋碩錫 선善先線選仙船鮮宣禪旋璿 설說設雪舌薛 섭涉 "
    "성姓性成城星聖聲省盛誠 세世歲勢稅洗細 소小少所消素笑召昭蘇騷燒訴掃疎蔬 속俗速束續屬粟 손孫損 "
    "송送松頌訟誦宋 쇄刷鎖 쇠衰 수水手數受首授守收修秀樹壽須誰雖愁殊隨輸獸睡遂需囚垂洙 숙宿淑叔孰肅熟 "
    "순順純旬瞬巡循殉 술術述戌 숭崇 습習拾濕襲 승勝承乘昇僧升 시時市詩示始視試施是侍矢 식食式植識息飾 "
    "신身新信神臣申辛愼伸晨 실實室失 심心深甚審尋沈 십十 씨氏 아兒我牙亞芽雅餓 악惡岳嶽 안安案眼顔岸雁 알謁 "
    "암暗巖 압壓押 앙央仰殃 애愛哀涯 액額厄 야夜野也耶 약約藥弱若躍 양陽洋羊養讓揚樣壤楊 어語魚漁於御 억億憶抑 "
    "언言焉彦 엄嚴 업業 여如與餘余汝予輿 역逆易役域譯驛亦疫 연然研煙緣演延燃宴沿硯軟鉛燕衍淵 열熱悅 염炎染鹽 "
    "엽葉 영英永榮影迎映營詠泳 예藝預豫譽銳 오五午吾悟誤烏汚娛傲吳 옥玉屋獄 온溫 옹翁擁雍 와瓦臥 완完緩 왈曰 "
    "왕王往 왜倭 외外畏 요要謠遙腰搖曜 욕欲浴辱慾 용用勇容庸 우友右雨牛宇羽優遇愚憂于又尤郵偶禹 운雲運韻云 "
    "웅雄 원元原園遠員院願圓源怨援 월月越 위位爲危威偉衛委圍慰僞胃謂違緯魏 "
    "유有由油遺遊幼猶柔儒乳唯惟維幽裕悠誘愈兪 육肉育 윤潤閏尹允 은銀恩隱殷 을乙 음音陰飮吟淫 읍邑泣 응應凝 "
    "의義意醫衣議疑依儀宜矣 이二以耳移異已而貳夷伊 익益翼 인人因引認印仁寅忍姻 일一日逸 임壬任賃 입入 "
    "자自字子者姿資慈雌紫恣刺 작作昨酌爵 잔殘 잠潛暫 잡雜 장長場章將張壯丈障腸莊裝帳藏臟葬奬墻粧掌蔣 "
    "재才材財在再栽災裁載宰哉 쟁爭 저低底著貯抵 적的赤敵適積籍績賊跡寂笛滴摘 전全前電戰典傳展專田錢轉殿 "
    "절節切絶折 점店點占漸 접接蝶 정正政定情庭精程停靜整貞井丁頂淨亭訂廷征鄭晶 제第題製制祭弟帝除提諸濟際齊堤 "
    "조朝祖造調助鳥條早操組潮兆照弔燥租趙曺 족足族 존存尊 졸卒拙 종種終宗從鐘縱鍾 좌左坐座佐 죄罪 "
    "주主住注週酒晝州走朱周宙洲舟柱株鑄珠 죽竹 준準俊遵浚 중中重衆仲 즉卽 증增證曾症憎贈蒸 "
    "지地知志指紙支止至持之池枝只誌智遲 직直職織 진眞進辰盡珍陣振鎭陳晉 질質秩疾姪 집集執 징徵懲 "
    "차次車差此且借 착着錯捉 찬贊讚 찰察 참參慘慙 창窓唱昌創倉暢蒼滄 채菜採彩債蔡 책責冊策 처處妻 척尺拓戚斥 "
    "천天千川泉淺踐賤遷薦 철鐵哲徹 첨尖添 첩妾 청靑淸請聽晴廳 체體替 초初草招超抄礎肖 촉促燭觸 촌村寸 총總聰銃 "
    "최最催崔 추秋追推抽醜 축祝畜縮築蓄逐丑 춘春 출出 충忠充蟲衝 취取就吹趣醉臭 측側測 층層 치治致齒値恥置 "
    "칙則 친親 칠七漆 침侵針浸寢枕 칭稱 쾌快 타他打妥墮 탁托濁濯卓 탄炭彈歎 탈脫奪 탐探貪 탑塔 탕湯 "
    "태太態泰怠殆 택宅澤擇 토土討吐兎 통通統痛 퇴退 투投鬪透 특特 파波破派播罷頗 판判板版販 팔八 패敗貝 "
    "편便片篇編遍 평平評 폐閉肺廢弊幣蔽 포包布抱捕浦胞飽 폭暴爆幅 표表票標漂 품品 풍風豊 피皮彼被疲避 "
    "필筆必匹畢 하下夏河何荷賀 학學鶴 한韓漢寒限恨閑旱汗翰 할割 함咸含陷 합合 항港航抗項恒巷 해海解害該亥奚 "
    "핵核 행行幸杏 향香鄕向響享 허許虛 헌獻憲軒 험險驗 혁革赫 현現賢玄縣懸絃顯 혈血穴 협協脅 형形兄刑亨螢衡 "
    "혜惠慧兮 호好號湖虎戶呼護浩豪互乎毫胡 혹或惑 혼婚混魂昏 홀忽 홍紅洪弘鴻 화和花火話化畫華貨禾禍 확確穫擴 "
    "환環患歡還丸換 활活 황黃皇況荒 회會回灰悔懷 획劃獲 횡橫 효孝效曉 후後厚候侯喉 훈訓勳薰 훼毁 휘揮輝 휴休携 "
    "흉凶胸 흑黑 흡吸 흥興 희喜希戱稀熙姬 "
)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_Y_VOWELS = frozenset("ㅑㅒㅕㅖㅛㅠㅣ")


@cache
def _table() -> dict[str, str]:
    """Each character, and its simplified form, with its reading; the first reading of two wins."""
    readings: dict[str, str] = {}
    for entry in _READINGS.split():
        for character in entry[1:]:
            readings.setdefault(character, entry[0])
            readings.setdefault(simplified(character), entry[0])
    return readings


def _at_the_beginning(syllable: str) -> str:
    """The initial-sound rule: 리 -> 이, 녀 -> 여, 라 -> 나."""
    initial, vowel, final = parts(syllable)
    if INITIALS[initial] in "ㄹㄴ" and VOWELS[vowel] in _Y_VOWELS:
        return compose(INITIALS.index("ㅇ"), vowel, final)
    return compose(INITIALS.index("ㄴ"), vowel, final) if INITIALS[initial] == "ㄹ" else syllable


def _read(found: re.Match[str]) -> str:
    table = _table()
    read = "".join(table.get(character) or table.get(simplified(character), character) for character in found[0])
    begins = found.start() == 0 or not is_syllable(found.string[found.start() - 1])
    return _at_the_beginning(read[0]) + read[1:] if begins and is_syllable(read[0]) else read


def in_hangul(text: str) -> str:
    """`text` with the hanja in it read in Hangul, as far as they are known."""
    return _HAN.sub(_read, text)
