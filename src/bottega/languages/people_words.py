"""Words that say of what descent or colour people are, in five languages; `models/studio/refused.py` asks for them.

An entry `afrikanisch|e|er` is the stem and each ending behind it. `one` are words for a person or for people: what a
colour beside one says is a colour of skin; `many` are whom a product is for as often ("men", "Damen"), so only a word
of descent says something of them. `behind`: whether such a word follows the person, as in "une femme noire".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

__all__ = ["PEOPLE", "PeopleWords", "words_of"]


@dataclass(frozen=True, slots=True)
class PeopleWords:
    """The lists of one language; entries apart by blanks, folded."""

    descent: str
    colours: str
    one: str
    many: str
    somebody: str
    """Pronouns that are of persons alone."""
    articles: str
    purpose: str
    """What stands before those whom a product is for."""
    race: str
    """Names of the thing that are names of others, too: a race, a breed."""
    ethnicity: str
    """Names of the thing and of nothing else."""
    ethnic: str
    """An adjective that is of clothes as well, and what it is of when it is of people."""
    origin: str
    skin: str
    skin_colour: str
    """Both in one word."""
    shades: str
    """What is said of skin when its colour is meant."""
    changes: str
    behind: bool = False


PEOPLE = {
    "en": PeopleWords(
        descent="asian african caucasian latino latina latinx hispanic arab arabic indian chinese japanese korean "
        "european afroamerican biracial multiracial mulatto negro aboriginal eskimo mongoloid negroid oriental",
        colours="black white brown yellow dark darker light lighter pale paler fair fairer coloured colored",
        one="person man woman boy girl guy lady gentleman model face child baby people folks human bride groom couple",
        many="men women boys girls guys ladies gentlemen models faces children babies kids persons humans",
        somebody="her his him she he their them hers theirs",
        articles="a an the one as into like another this that",
        purpose="for",
        race="race races",
        ethnicity="ethnicity ethnicities ethnically racial racially multiracial interracial blackface yellowface",
        ethnic="ethnic",
        origin="origin background group appearance features identity",
        skin="skin skinned complexion",
        skin_colour="skintone skincolour skincolor fitzpatrick",
        shades="colour color coloured colored tone tones toned shade shades lighten lightening lightened darken "
        "darkening darkened whiten whitening whitened bleach bleached bleaching tan tanned whiter blacker browner",
        changes="change changing changed swap switch turn alter lighten lightening darken darkening whiten whitening "
        "bleach bleaching different",
    ),
    "de": PeopleWords(
        descent="asiatisch|e|er|en|es|em afrikanisch|e|er|en|es|em kaukasisch|e|er|en|es lateinamerikanisch|e|er|en|es "
        "arabisch|e|er|en|es indisch|e|er|en|es chinesisch|e|er|en|es japanisch|e|er|en|es koreanisch|e|er|en|es "
        "europaisch|e|er|en|es afroamerikanisch|e|er|en|es asiate|n asiatin afrikaner|in araber|in inder|in chinesin "
        "japanerin europaer|in afroamerikaner|in farbig|e|er|en dunkelhautig|e|er|en|es hellhautig|e|er|en|es "
        "schwarzhautig|e|er|en weisshautig|e|er|en",
        colours="schwarz|e|er|en|es|em weiss|e|er|en|es|em braun|e|er|en|es|em gelb|e|er|en|es dunkle|r|n|s "
        "helle|r|n|s",
        one="person mensch menschen mann frau junge madchen dame herr gesicht kind leute braut model",
        many="manner frauen jungen damen herren kinder gesichter personen models",
        somebody="ihr ihre ihren ihrem ihrer ihn ihm sie er seine seinen seinem seiner",
        articles="ein eine einen einer einem eines der die das den dem als wie",
        purpose="fur",
        race="rasse rassen",
        ethnicity="ethnie ethnien ethnizitat rassisch",
        ethnic="ethnisch|e|er|en|es",
        origin="herkunft gruppe zugehorigkeit aussehen merkmale",
        skin="haut teint",
        skin_colour="hautfarbe hautfarben hautton hauttone hauttyp hautaufhellung",
        shades="farbe ton tone aufhellen abdunkeln heller dunkler weisser schwarzer bleichen blasser",
        changes="andere anderer anderen anders andern wechsle wechseln aufhellen",
    ),
    "fr": PeopleWords(
        descent="asiatique|s africain|e|s|es caucasien|ne|s|nes latino|s hispanique|s arabe|s indien|ne|s|nes "
        "chinois|e|es japonais|e|es coreen|ne|s|nes europeen|ne|s|nes afroamericain|e|s|es metis|se noirs negre|s",
        colours="noir|e|s|es blanc|s blanche|s brun|e|s|es jaune|s fonce|e|s|es clair|e|s|es",
        one="homme femme garcon fille dame monsieur visage enfant personne personnes gens mariee",
        many="hommes femmes garcons filles dames messieurs visages enfants",
        somebody="elle lui",
        articles="un une le la les des en comme l",
        purpose="pour",
        race="race races",
        ethnicity="ethnie ethnies ethnicite racial raciale raciales raciaux",
        ethnic="ethnique|s",
        origin="origine origines groupe apparence traits appartenance",
        skin="peau teint carnation",
        skin_colour="",
        shades="couleur nuance blanchir eclaircir foncer bronzer plus",
        changes="change changer changez autre differente different blanchir eclaircir foncer",
        behind=True,
    ),
    "es": PeopleWords(
        descent="asiatic|o|a|os|as african|o|a|os|as caucasic|o|a|os|as latin|o|a|os|as hispan|o|a|os|as arabe|s "
        "indi|o|a|os|as chin|o|a|os|as japones|a|es|as corean|o|a|os|as europe|o|a|os|as afroamerican|o|a|os|as "
        "mestiz|o|a|os|as mulat|o|a|os|as gitan|o|a|os|as",
        colours="negr|o|a|os|as blanc|o|a|os|as moren|o|a|os|as amarill|o|a|os|as oscur|o|a|os|as clar|o|a|os|as",
        one="hombre mujer chico chica nino nina senor senora cara rostro persona personas gente novia modelo",
        many="hombres mujeres chicos chicas ninos ninas senores senoras caras rostros modelos",
        somebody="ella ellos ellas",
        articles="un una el la los las en como otro otra",
        purpose="para de",
        race="raza razas",
        ethnicity="etnia etnias etnicidad racial raciales",
        ethnic="etnic|o|a|os|as",
        origin="origen rasgos grupo apariencia",
        skin="piel tez cutis",
        skin_colour="",
        shades="color tono aclarar oscurecer blanquear broncear mas",
        changes="cambia cambiar cambie otro otra diferente aclarar oscurecer blanquear",
        behind=True,
    ),
    "it": PeopleWords(
        descent="asiatic|o|a|i|he african|o|a|i|e caucasic|o|a|i|he latin|o|a|i|e ispanic|o|a|i|he arab|o|a|i|e "
        "indian|o|a|i|e cines|e|i giapponese giapponesi corean|o|a|i|e europe|o|a|i|e afroamerican|o|a|i|e metici|o|a "
        "mulatt|o|a|i|e negr|o|a|i|e zingar|o|a|i|e",
        colours="ner|o|a|i|e bianc|o|a bianchi bianche giall|o|a|i|e scur|o|a|i|e chiar|o|a|i|e",
        one="uomo donna ragazzo ragazza bambino bambina signora signore viso volto persona persone gente sposa modella",
        many="uomini donne ragazzi ragazze bambini bambine signori visi volti modelle",
        somebody="lei lui loro",
        articles="un uno una il lo la i gli le in come altro altra",
        purpose="per da",
        race="razza razze",
        ethnicity="etnia etnie etnicita razziale razziali",
        ethnic="etnic|o|a|i|he",
        origin="origine origini gruppo aspetto lineamenti tratti",
        skin="pelle carnagione incarnato",
        skin_colour="",
        shades="colore tonalita tono schiarire scurire sbiancare abbronzare piu",
        changes="cambia cambiare cambi altra altro diversa diverso schiarire scurire sbiancare",
        behind=True,
    ),
}
"""By the code of the language."""


@cache
def words_of(entries: str) -> frozenset[str]:
    """The words that a list spells.

    >>> sorted(words_of("arab|o|a asian"))
    ['arab', 'araba', 'arabo', 'asian']
    """
    found: set[str] = set()
    for entry in entries.split():
        begin, *ends = entry.split("|")
        found |= {begin, *(begin + end for end in ends)}
    return frozenset(found)
