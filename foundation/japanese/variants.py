"""Which characters are one when searching for a name, never when storing it."""

# Each word is the common form followed by the forms that are found under it.
# Source: 常用漢字表 (内閣告示第二号, 2010-11-30): the old forms (康熙字典体) in its
# brackets, as far as names use them. Those that NFKC maps by itself are left out.
_OLD_FORMS = """
亜亞 医醫 栄榮 衛衞 円圓 塩鹽 縁緣 奥奧 応應 桜櫻 価價 画畫 会會 絵繪 壊壞 懐懷
学學 覚覺 岳嶽 楽樂 勧勸 巻卷 寛寬 関關 観觀 気氣 帰歸 亀龜 旧舊 挙擧 峡峽 狭狹 郷鄉
暁曉 区區 駆驅 勲勳 薫薰 恵惠 渓溪 経經 継繼 芸藝 県縣 倹儉 剣劍 検檢 権權 顕顯 験驗
厳嚴 広廣 効效 恒恆 黄黃 国國 黒黑 歳歲 済濟 斎齋 剤劑 参參 桟棧 蚕蠶 賛贊 残殘 糸絲
児兒 実實 写寫 釈釋 寿壽 収收 従從 渋澁 縦縱 粛肅 処處 緒緖 渉涉 将將 証證 乗乘 浄淨
畳疊 条條 縄繩 譲讓 嬢孃 触觸 真眞 尽盡 図圖 粋粹 随隨 枢樞 数數 瀬瀨 声聲 斉齊 静靜
専專 浅淺 戦戰 銭錢 禅禪 双雙 荘莊 挿插 巣巢 争爭 総總 聡聰 増增 蔵藏 続續 対對 体體
滝瀧 択擇 沢澤 担擔 団團 弾彈 昼晝 鋳鑄 庁廳 聴聽 鎮鎭 鉄鐵 転轉 点點 伝傳 灯燈
当當 党黨 稲稻 徳德 独獨 読讀 売賣 麦麥 発發 浜濱 秘祕 仏佛 辺邊 変變 弁辨 豊豐 穂穗
宝寶 毎每 万萬 満滿 黙默 訳譯 薬藥 与與 予豫 余餘 誉譽 様樣 謡謠 来來 頼賴 覧覽 竜龍
両兩 緑綠 塁壘 礼禮 励勵 霊靈 齢齡 恋戀 錬鍊 炉爐 労勞 楼樓 録錄 湾灣
"""
# Source: our own list of further forms that families write, 2026-11.
_FAMILY_FORMS = """
高髙 崎﨑嵜碕 吉𠮷 島嶋嶌 富冨 峰峯 館舘 橋𣘺槗 徳悳 土圡 柳栁 柏栢 藤籐 角⻆
船舩 野埜 桑桒 辺邉 浜濵 斉斎 巌巖 弥彌 亘亙 尭堯 槙槇 遥遙 瑶瑤 祢禰 穣穰 凛凜
桧檜 渋澀 勲勛 晋晉 兎兔 涼凉 煕熙熈 竈竃 薮藪 鴬鶯 鴎鷗 桝枡 蛎蠣 籠篭 鶏雞
芦蘆 曽曾 恵惪 国圀 檮梼 祷禱 砺礪 涛濤 頴穎 荘庄
"""


def _to_common_form() -> dict[int, str]:
    table: dict[int, str] = {}
    for word in (_OLD_FORMS + _FAMILY_FORMS).split():
        table |= dict.fromkeys(map(ord, word[1:]), word[0])
    # A common form may itself be found under another: 齋 is 斎, and 斎 is 斉.
    return {old: table.get(ord(common), common) for old, common in table.items()}


TO_COMMON_FORM = _to_common_form()
