"""What the stub answers to which question: the first script whose word stands in the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.server.web.canned import Said, Script
from tests.server.web.documents import CHINESE, EARLIER, HOSTILE, LABELLING, MARKET, PARTNERSHIP

DATA = "Apple chose Alibaba for its extensive consumer data and for its capabilities in artificial intelligence."
COVERS = "Alibaba's consumer data covers what people buy and how they pay."
STAFF = (
    "Apple ruled out DeepSeek because the DeepSeek team lacked the staff and the experience "
    "that a customer of Apple's scale requires."
)
ZH_REASONS = "苹果选择阿里巴巴有两个原因：阿里巴巴拥有大量消费者数据，也具备很强的人工智能能力。"
ZH_STAFF = "苹果没有选择DeepSeek，因为DeepSeek缺少支持苹果这种规模的客户所需的人员和经验。"
FORCE = "The labelling measures have been in force since 1 September 2025."
ROSE = "According to IDC, Huawei's shipments in China rose 42% in the third quarter of 2024."
PRICE = HOSTILE.text[HOSTILE.text.index("The price") : HOSTILE.text.index(".png).") + len(".png).")]

WHY = Script(
    (
        Said(
            "Apple chose Alibaba for its extensive consumer data and its capabilities in artificial intelligence.",
            "supported",
            [(PARTNERSHIP, DATA), (PARTNERSHIP, COVERS)],
        ),
        Said(
            "It ruled out DeepSeek, which lacked the staff that such a customer needs.",
            "partial",
            [(PARTNERSHIP, STAFF)],
        ),
        Said("The two companies had talked about this for many years.", "unsupported"),
    )
)
SLOW = Script((Said(" ".join(f"word{n}" for n in range(120)) + ".", "supported", [(PARTNERSHIP, DATA)]),), delay=0.05)
LONG = Script(
    tuple(
        Said(
            f"Sentence {n} says once more that Alibaba's consumer data covers what people buy.",
            "supported",
            [(PARTNERSHIP, COVERS if n % 2 else DATA)],
        )
        for n in range(1, 9)
    ),
    delay=0.02,
)
ZH_WHY = Script(
    (
        Said(
            "苹果选择阿里巴巴，是因为它拥有大量消费者数据和很强的人工智能能力。", "supported", [(CHINESE, ZH_REASONS)]
        ),
        Said("DeepSeek缺少所需的人员和经验，因此未被选中。", "partial", [(CHINESE, ZH_STAFF)], gap=""),
        Said("双方的合作已经持续了多年。", "unsupported", gap=""),
    ),
    language="zh",
)
REFUSAL = Script(draft="The battery holds 4000 mAh.", near=(PARTNERSHIP, MARKET))
ZH_REFUSAL = Script(language="zh", draft="电池容量为4000毫安时。", near=(CHINESE,))
HOSTILE_ANSWER = Script(
    (
        Said('It costs <img src=x onerror="window.pwned=1"> 42 dollars.', "supported", [(HOSTILE, PRICE)]),
        Said("See [x](javascript:window.pwned=1) and ![](http://evil.test/beacon.png).", "partial", [(HOSTILE, PRICE)]),
    )
)
FORCED = Script((Said("The labelling measures are in force since 1 September 2025.", quotes=[(LABELLING, FORCE)]),))
GREW = Script((Said("Huawei's shipments rose 42%.", quotes=[(EARLIER, ROSE)]),))
THEN = Script((Said("Its consumer data covers what people buy and how they pay.", quotes=[(PARTNERSHIP, COVERS)]),))
SECOND = replace(WHY, dropped="Apple chose Alibaba for no reason that a source gives.")
SCRIPTS: Mapping[str, Script] = {
    "battery": REFUSAL,
    "电池": ZH_REFUSAL,
    "price": HOSTILE_ANSWER,
    "slow": SLOW,
    "long": LONG,
    "label": FORCED,
    "Huawei": GREW,
    "then": THEN,
    "second time": SECOND,
    "苹果": ZH_WHY,
}


def script_for(question: str) -> Script:
    """Return what is answered to a question."""
    return next((script for word, script in SCRIPTS.items() if word in question), WHY)
