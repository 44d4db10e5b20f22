"""Words that a full stop follows without ending the sentence, and words that show that it did.

All in lower case, the last stop left out.
"""

NEVER_LAST = frozenset(
    # Titles come before a name, and the others before what they introduce.
    "dr mr mrs ms mx prof gen sen rep gov capt lt col sgt rev hon pres messrs mme "
    "e.g eg i.e ie cf viz vs approx ca incl excl resp".split()
)
BEFORE_A_NUMBER = frozenset(
    "no nos fig figs eq eqs sec sect ch chap vol vols pp p pt art arts para tab ver v "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
LAST_OR_NOT = frozenset(
    "inc corp ltd co cos bros llc plc jr sr ph.d etc al est dept govt univ assn intl ave blvd st rd mt ft "
    "ext tel avg misc".split()
)
SENTENCE_OPENERS = frozenset(
    "a an the it its he his she her they their them we our you your this that these those there here in on at for from "
    "by with to of and but or so yet however while when where if as after before since although though because despite "
    "during under over until according meanwhile moreover furthermore instead still also then thus therefore both each "
    "every some many most few all another other such what why how who which is are was were do does did can could will "
    "would should not no once only even now today".split()
)
# Names that keep their small letter at the start of a sentence; those with a capital inside (iPhone) need no entry.
SMALL_LETTER_NAMES = frozenset({"vivo"})
