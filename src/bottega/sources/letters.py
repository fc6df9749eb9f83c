"""How often letters stand in the texts of a language: what an unmarked file's language is guessed by.

Each language has the letters beyond ASCII that it writes, how common they are, and the encodings that its files come in
when they are not Unicode. Written down for shops: among the signs of Chinese, Japanese and Korean are those of wares.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["LANGUAGES", "Script", "WrittenLanguage"]


class Script(StrEnum):
    """How a language uses letters beyond ASCII."""

    LATIN = "latin"
    """Now and then, among ASCII letters."""
    OWN = "own"
    """For all its letters, of which there are few."""
    SIGNS = "signs"
    """For all its signs, of which there are thousands."""


@dataclass(frozen=True, slots=True)
class WrittenLanguage:
    """One language as files hold it."""

    name: str
    script: Script
    encodings: tuple[str, ...]
    """Python's names, the commonest first."""
    letters: str
    """Beyond ASCII, the commonest first. In Latin script each with how often it stands among 10,000 letters."""
    prior: float
    """How much rarer its feeds are than English ones with a foreign word, as a log-probability."""
    rare: str = ""
    """ASCII letters that its own words hardly have."""
    typical: tuple[str, ...] = ()
    """Pieces of words by which it is known; ^ and $ are a word's ends."""


_WEST = ("cp1252", "cp850", "mac_roman")
_MIDDLE = ("cp1250", "iso8859_2")
_CYRILLIC = ("cp1251", "koi8_r")

_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家"
    "种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十"
    "民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯"
    "月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女"
    "变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基"
    "眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边张该交规万取拉格望觉术领共确传师观清今切"
    "红蓝绿黑黄紫灰粉棕橙银杯碗盘壶瓶包袋鞋靴衣裤裙衫帽袜巾裳被枕床桌椅柜灯镜架盒箱锅刀叉勺玻璃陶瓷木棉麻丝皮革绒毛"
    "线布纸铁钢铜塑料橡胶竹石玉珠链环戒耳项圈表带扣伞钟笔画花茶酒咖啡糖米面油盐肉鱼果菜蛋奶童婴男装套季春夏秋冬款式时"
    "尚休闲运动户外旅厨房卧室客厅浴洗衣机冰箱视脑键盘鼠标充器屏幕耳机音响相镜头车轮胎玩具模型积娃娃宠猫狗粮护肤霜膜"
    "香水口彩妆指甲梳剪加厚保暖防晒透轻薄柔软舒适宽松修身圆领翻短袖连半无有大号码双单件支个片克升寸级优质精致经典创意"
)
_TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家"
    "種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十"
    "民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯"
    "月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女"
    "變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基"
    "眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊張該交規萬取拉格望覺術領共確傳師觀清今切"
    "紅藍綠黑黃紫灰粉棕橙銀杯碗盤壺瓶包袋鞋靴衣褲裙衫帽襪巾裳被枕床桌椅櫃燈鏡架盒箱鍋刀叉勺玻璃陶瓷木棉麻絲皮革絨毛"
    "線布紙鐵鋼銅塑料橡膠竹石玉珠鏈環戒耳項圈錶帶扣傘鐘筆畫花茶酒咖啡糖米麵油鹽肉魚果菜蛋奶童嬰男裝套季春夏秋冬款式時"
    "尚休閒運動戶外旅廚房臥室客廳浴洗衣機冰箱視腦鍵盤鼠標充器螢幕耳機音響相鏡頭車輪胎玩具模型積娃娃寵貓狗糧護膚霜膜"
    "香水口彩妝指甲梳剪加厚保暖防曬透輕薄柔軟舒適寬鬆修身圓領翻短袖連半無有大號碼雙單件支個片克升寸級優質精緻經典創意"
)
_KANJI = (
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男"
    "西電校語土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不"
    "作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終台広住真有口少町料工建空急止送"
    "色青赤黒緑黄茶紫銀灰桃橙水玉柄無地縞花模様製産革布綿絹麻毛糸皮紙鉄鋼銅竹石陶磁器皿碗鉢杯瓶箱袋鞄靴服帽靴下傘時計"
    "机椅棚灯鏡枕布団毛布洗濯機冷蔵庫台所風呂財布指輪首飾耳眼鏡化粧肌髪香酒茶菓子米肉魚野菜果物卵乳犬猫玩具人形本棚絵"
    "春夏秋冬軽量防水抗菌厚薄長短半袖丸首襟上下着替替用付型式個枚組本入込税送料限定人気定番最高級天然国内専門店販売価格"
)
_HANGUL = (
    "이다는의가에을하고지로한은기도를사어자아리서나인대해시장라부그전정일수스과보원제상주구공신동만성트마으게소여와경우화적면"
    "유조드치안용무세바선미관개비요중피크실계분체모방생발내물회문국학업위진입출재품질감복남단판매배송무료할인색상빨간파란초록"
    "검정흰노란분홍회갈보라컵잔접시그릇냄비칼포크숟가락병통가방지갑신발운동화구두부츠옷바셔츠블라우스원피스치마청재킷코트니"
    "트스웨터양말모자장갑목도리벨트시계반지목걸이귀걸이안경침대책상의자소파조명램프거울수납선반이불베개커튼카펫면린넨가죽실"
    "크울폴리에스터나무유리세라믹스테인리스철금은여성남성아동유아봄여름가을겨울캐주얼스포츠야외캠핑주방욕실거실전자휴대폰케이"
    "블충전기이어폰키보드마우스모니터카메라자동차장난감인형강아지고양이사료화장크림로션향수샴푸차커피쌀고기생선과일채소"
)

# fmt: off
LANGUAGES: tuple[WrittenLanguage, ...] = (
    WrittenLanguage("English", Script.LATIN, _WEST, "é4 è1 ê1 ï1 ñ1 ç1 ü1 ö1 â1 û1 à1 î1", 0.0),
    WrittenLanguage("French", Script.LATIN, _WEST, "é190 à50 è30 ê25 ç10 ô6 î5 û6 ù6 â5 ï1 ë1 œ2",
        -0.5, "kw", ("ée$", "ère", "é$", "ê")),
    WrittenLanguage("German", Script.LATIN, _WEST, "ü65 ä55 ö30 ß30", -0.3, "qxy", ("ür", "sch", "ße", "ch")),
    WrittenLanguage("Spanish", Script.LATIN, _WEST, "ó80 í70 á50 é40 ñ30 ú17 ü1",
        -0.3, "kw", ("ción", "ón$", "ña", "ño")),
    WrittenLanguage("Portuguese", Script.LATIN, _WEST, "ã80 ç50 á40 é40 í30 ó30 ê30 ú20 õ10 â10 à10 ô5",
        -0.7, "kwy", ("ão", "ões", "çã", "ãe")),
    WrittenLanguage("Italian", Script.LATIN, _WEST, "è40 à40 ò20 ù17 ì10 é5",
        -0.7, "kwxyj", ("tà$", "ffè", "ù$", "^è$", "^tè$")),
    WrittenLanguage("Catalan", Script.LATIN, _WEST, "à50 ó50 é40 í40 è30 ò30 ç20 ú10 ï10 ü5", -2.5, "kwy", ("ció$",)),
    WrittenLanguage("Swedish", Script.LATIN, _WEST, "ä180 å130 ö130 é5", -1.2, "qwxz", ("ö", "å")),
    WrittenLanguage("Danish or Norwegian", Script.LATIN, _WEST, "å130 ø90 æ80 é3", -1.2, "qwxz", ("ø", "å")),
    WrittenLanguage("Finnish", Script.LATIN, _WEST, "ä360 ö44 å1", -1.5, "bcfgqwxz", ("ää", "ä$")),
    WrittenLanguage("Dutch", Script.LATIN, _WEST, "ë10 é5 ï5 ö2 ü2 è2", -1.0, "qx", ("eë", "ië")),
    WrittenLanguage("Icelandic", Script.LATIN, _WEST, "ð440 á180 í160 þ145 ó100 æ90 ö80 é65 ú60 ý20",
        -3.5, "cqwz", ("ð",)),
    WrittenLanguage("Polish", Script.LATIN, _MIDDLE, "ł180 ę110 ą100 ó85 ż80 ś66 ć40 ń20 ź6",
        -1.8, "qvx", ("sz", "cz", "rz", "ść", "^św", "śr")),
    WrittenLanguage("Czech", Script.LATIN, _MIDDLE, "í280 á210 ě160 é130 ř120 ý100 č100 ž100 š80 ů70 ú10 ť4 ď3 ó3 ň1",
        -2.0, "qwxg", ("ř", "ů", "ný$", "ě")),
    WrittenLanguage("Slovak", Script.LATIN, _MIDDLE,
        "á230 í150 č120 ý110 ž110 é95 ť90 š80 ú75 ľ50 ô20 ď20 ň15 ä10 ó3 ĺ2 ŕ1",
        -2.6, "qwxg", ("ľ", "ný$", "ô", "žk")),
    WrittenLanguage("Hungarian", Script.LATIN, _MIDDLE, "á350 é350 ő100 ö100 ó100 í70 ü60 ú60 ű20",
        -2.3, "qwx", ("sz", "gy", "ő", "kö")),
    WrittenLanguage("Romanian", Script.LATIN, _MIDDLE, "ă240 î140 ş120 ţ120 â90",
        -2.3, "kqwy", ("ă$", "ţi", "şi", "ească")),
    WrittenLanguage("Croatian or Slovene", Script.LATIN, _MIDDLE, "č110 š100 ž50 ć60 đ20",
        -2.4, "qwxy", ("ić", "je", "ica", "ć", "ki")),
    WrittenLanguage("Turkish", Script.LATIN, ("cp1254",), "ı510 ü185 ş180 ğ110 ç110 ö80 â5",
        -2.0, "qwxj", ("ı", "ğ", "lı", "şe", "ş")),
    WrittenLanguage("Estonian", Script.LATIN, ("cp1257",), "ä130 õ100 ü60 ö15 š5 ž2", -3.3, "cqwxyzf", ("õ", "üü")),
    WrittenLanguage("Lithuanian", Script.LATIN, ("cp1257",), "ė200 ų130 š100 ž80 į50 ū40 č40 ą40 ę20",
        -3.0, "qwx", ("ė$", "iš", "ų", "as$", "is$")),
    WrittenLanguage("Latvian", Script.LATIN, ("cp1257",), "ā400 ī180 ē170 š100 ū60 ņ40 ļ40 ž30 č20 ķ10 ģ10",
        -3.0, "qwxyh", ("ā", "as$", "is$")),
    WrittenLanguage("Russian", Script.OWN, _CYRILLIC, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", -1.6),
    WrittenLanguage("Ukrainian", Script.OWN, ("cp1251", "koi8_u"), "оаинівертслкдмупязьбгчйхцжїєюшщфґ", -2.6),
    WrittenLanguage("Bulgarian", Script.OWN, _CYRILLIC, "аоиентрсвлкпдмзуябгчъщжцйхшфюь", -2.8),
    WrittenLanguage("Serbian or Macedonian", Script.OWN, ("cp1251",), "аоиенрсјтуквдмплзбгчћшжцхљњђфџѓќѕ", -3.0),
    WrittenLanguage("Greek", Script.OWN, ("cp1253", "iso8859_7"), "αοιετσνηυρπκμλςωάόίγέδχήθφβύώξζψϊϋ", -2.8),
    WrittenLanguage("Hebrew", Script.OWN, ("cp1255",), "יוהלאתרבמשנםדקחפעטצןסגזכךץף", -2.8),
    WrittenLanguage("Arabic", Script.OWN, ("cp1256",), "الينمرتوبدهسعكفقةجحشطصزخضغذثئءأإظؤىآ", -2.8),
    WrittenLanguage("Thai", Script.OWN, ("cp874",), "านรอก่เ้งมยลวดีทตัสะิบปคหุแจพช์ขใไูผศถซโึณื็ำธฟญภ", -3.0),
    WrittenLanguage("Chinese, simplified", Script.SIGNS, ("gb18030",), _SIMPLIFIED, -1.8),
    WrittenLanguage("Chinese, traditional", Script.SIGNS, ("big5hkscs",), _TRADITIONAL, -2.6),
    WrittenLanguage("Japanese", Script.SIGNS, ("cp932", "euc_jp"), _KANJI, -1.8),
    WrittenLanguage("Korean", Script.SIGNS, ("cp949",), _HANGUL, -2.3),
)
# fmt: on
