"""Whether a word can be Vietnamese: the only proof that letters were read rightly."""

import re
import unicodedata
from functools import lru_cache


def _listed(words: str) -> set[str]:
    return set(words.split())


_STARTS = _listed("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x") | {""}
_RHYMES = _listed(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
    oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uên uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu yt ynh ych
    """
)
# Their last letter glides and never has the tone: xão, not xaõ.
_GLIDED = _listed(
    "ai ao au ay âu ây eo êu iu oi ôi ơi ui ưi ưu oai oay oeo uôi ươi ươu iêu yêu uây uyu"
)
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_SHARP = "\u0301\u0323"  # the tones that words ending in c, ch, p, t have
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=8_192)
def is_syllable(word: str) -> bool:
    """Whether the word is a syllable as Vietnamese spells them: start, rhyme and tone fit."""
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in _TONES]
    plain = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    if len(tones) > 1 or not plain:
        return False
    for length in (3, 2, 1, 0):
        start, rhyme = plain[:length], plain[length:]
        if start in _STARTS and rhyme in _RHYMES and _tone_fits(rhyme, tones, marks):
            return True
    return False


def _tone_fits(rhyme: str, tones: list[str], marks: str) -> bool:
    if rhyme.endswith(("c", "ch", "p", "t")):
        return bool(tones) and tones[0] in _SHARP
    return rhyme not in _GLIDED or not tones or marks[-1] not in _TONES


def words_with_marks(text: str) -> list[str]:
    """The words that have letters other than a–z: only they tell how letters were stored."""
    return [
        word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()
    ]
