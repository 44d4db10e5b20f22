"""Words too common to search for, in English and Chinese: dropped from questions, kept in the index."""

from __future__ import annotations

_ENGLISH = """
a about after all also am an and any are as at be been before being both but by can could did do does doing don't
each for from further had has have having he her here hers him his how i if in into is isn't it it's its itself just
me might more most must my no nor not of off on once only or other our ours out over own per please same she should
so some such tell than that that's the their theirs them then there these they this those through to too under until
up upon us very was we were what what's when where which while who whom whose why will with would you your yours
"""

_CHINESE = """
的 了 和 与 及 或 在 是 有 被 把 对 从 到 向 于 以 为 给 让 就 都 也 还 又 很 太 更 最 不 没 没有 吗 呢 吧 啊 呀 嘛 么
这 那 这个 那个 这些 那些 这里 那里 它 他 她 我 你 您 我们 你们 他们 它们 其 之 而 但 但是 因为 所以 如果 虽然 由于 因此
什么 怎么 怎样 如何 为何 为什么 哪 哪个 哪些 哪里 谁 几 多少 多么 是否 能否 可否 请 请问 告诉 一个 一些 一种 等 等等
会 能 可以 应该 要 想 上 下 中 里 个 种 并 并且 且 则 将 已 已经 正在 着 过 地 得 所 关于 根据 通过 其中 以及 有关
"""

STOP_WORDS = frozenset(_ENGLISH.split()) | frozenset(_CHINESE.split())
