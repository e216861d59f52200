"""A browser in plain words, as its person would know it again. Pure."""

# In this order: most browsers also say that they are the ones further down.
BROWSERS = (
    ("MicroMessenger/", "微信"),
    ("AlipayClient/", "支付宝"),
    ("DingTalk/", "钉钉"),
    ("QQBrowser/", "QQ 浏览器"),
    ("UCBrowser/", "UC 浏览器"),
    ("HuaweiBrowser/", "华为浏览器"),
    ("MiuiBrowser/", "小米浏览器"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("OpenHarmony", "鸿蒙"),
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def in_words(said: str) -> str:
    """Of what a browser says of itself (`User-Agent`) its name and system, without versions; empty
    where it names neither."""
    found = (
        next((words for sign, words in signs if sign in said), "") for signs in (BROWSERS, SYSTEMS)
    )
    return " · ".join(filter(None, found))
