"""Race, ethnicity and colour of skin are refused by name in five languages, and words for products are let through."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from bottega.errors import EditRefused
from bottega.models.studio.refused import is_race, race_words, refuse_race

REFUSED = """
make her black
change her race
a black woman in a red dress
an asian model wearing jeans
make the model asian
turn him white
lighter skin
whiten her skin
make the skin tone darker
dark-skinned man
light skinned woman with a bag
model of different ethnicity
ethnic origin asian
african american woman in a dress
shirt on a black man
mixed race woman
white people
Mach sie schwarz
eine schwarze Frau im Kleid
asiatische Frau mit Tasche
Haut heller machen
andere Hautfarbe
dunkelhäutige Frau
ihre Rasse ändern
Ethnie ändern
une femme noire en robe rouge
chemise portée par un homme noir
peau plus claire
change la couleur de peau
femme asiatique
origine ethnique
una mujer negra con vestido
hombre asiático
piel más oscura
cambiar el color de piel
cambia su raza
una donna nera
uomo africano con camicia
pelle più scura
cambia colore della pelle
carnagione chiara
""".strip().splitlines()

LET_THROUGH = """
black dress for women
red striped shirt, flat
ethnic kurta for women
African print dress
indian kurta for men
black women shoes
black woman dress
shirt men black
make it black
make her dress black
make her hair black
more like the third
for men
skin coloured tights
race car T-shirt
T-shirt Herren schwarz
hautfarbene Strumpfhose
Hundebett alle Rassen
chaussures homme noir
veste en peau noire
un haut noir
robe africaine
zapatos mujer negro
bolso de piel negra
medias color piel
scarpe uomo nero
borsa in pelle marrone chiaro
""".strip().splitlines()


@pytest.mark.parametrize("text", REFUSED)
def test_what_asks_for_another_race_is_refused_with_the_words_that_did_it(text: str) -> None:
    with pytest.raises(EditRefused) as refusal:
        refuse_race(text)
    assert race_words(text) in str(refusal.value) and "never changes these" in str(refusal.value)
    assert refusal.value.status == 422 and refusal.value.code == "edit_refused"


@pytest.mark.parametrize("text", LET_THROUGH)
def test_what_is_said_of_a_product_is_let_through(text: str) -> None:
    refuse_race(text)


def test_titles_of_a_real_catalogue_are_let_through() -> None:
    """Clothes of Indian makers, for men and women, in every colour: 1 in 5,000 may be wrong, skin creams apart."""
    file = Path(os.environ.get("BOTTEGA_DATA", "../shared/data")) / "fashion" / "styles.csv"
    if not file.exists():
        pytest.skip(f"{file} is not there")
    with file.open(encoding="utf-8", errors="replace") as lines:
        titles = [row["productDisplayName"] for row in csv.DictReader(lines) if row.get("productDisplayName")]
    refused = [title for title in titles if race_words(title) and "Lotus Herbals" not in title]
    assert len(titles) > 30_000 and len(refused) <= len(titles) / 5_000, refused


@pytest.mark.parametrize(
    "name",
    [
        "race",
        "Ethnicity",
        "Pale_Skin",
        "is_asian",
        "white",
        "skin-tone",
        "Hautfarbe",
        "razza",
        "couleur de peau",
        "origen",
    ],
)
def test_attributes_of_faces_that_are_race_are_known_by_their_names(name: str) -> None:
    assert is_race(name)


@pytest.mark.parametrize("name", ["smile", "age", "Black_Hair", "Eyeglasses", "brightness", "Lächeln", "barba"])
def test_other_attributes_are_not(name: str) -> None:
    assert not is_race(name)
