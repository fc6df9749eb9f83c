"""Yes and no as shops write them, and whether a product is shown."""

from __future__ import annotations

__all__ = ["says_hidden", "says_shown", "says_yes"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words(
    """true yes 1 t y on ja oui sí si sim sì tak ano áno igen da да так evet hai ναι 是 はい 예 ya כן نعم x ✓
    1.0 wahr vrai verdadero verdadeiro vero prawda"""
)
_NO = _words(
    """false no 0 f n off nein non não nao nie ne nem nu нет ні hayır όχι 否 いいえ 아니요 tidak לא لا nej nei
    0.0 falsch faux falso fałsz ei nee"""
)
_SHOWN = _words(
    """visible active enabled published publish public online listed live catalog catalog,search catalog|search
    search shown show available approved for_sale both aktiv sichtbar actif publié activo publicado ativo
    attivo pubblicato actief aktywny aktivní активен опубликован 公開 上架 global web"""
)
_HIDDEN = _words(
    """hidden draft archived inactive disabled unpublished private pending trash trashed deleted unlisted
    offline unlist removed rejected suspended blocked staging whitelist_only not_visible_individually
    notvisibleindividually inaktiv versteckt entwurf verborgen caché brouillon inactif oculto borrador inactivo
    rascunho inativo bozza nascosto inattivo concept nieaktywny szkic skrytý koncept неактивен скрыт черновик
    архив 下架 草稿 非公開 下書き 숨김 -1 2 auto-draft future closed nowhere"""
)


def says_yes(text: str) -> bool | None:
    """Whether a flag says yes; None where it says neither.

    >>> says_yes("Ja"), says_yes("0"), says_yes("maybe")
    (True, False, None)
    """
    word = text.strip().lower()
    return True if word in _YES else False if word in _NO else None


def says_shown(text: str) -> bool | None:
    """Whether a status, a visibility or a flag of being published says that a product is shown; None for neither.

    >>> says_shown("draft"), says_shown("Active"), says_shown("0"), says_shown("blue")
    (False, True, False, None)
    """
    word = text.strip().lower().replace(" ", "_").replace(",_", ",")
    if word in _SHOWN or word in _HIDDEN:
        return word in _SHOWN
    return says_yes(text)


def says_hidden(text: str) -> bool | None:
    """The same of a field that says the contrary: whether a product is hidden.

    >>> says_hidden("true"), says_hidden("draft"), says_hidden("visible"), says_hidden("blue")
    (True, True, False, None)
    """
    word = text.strip().lower().replace(" ", "_").replace(",_", ",")
    if word in _SHOWN or word in _HIDDEN:
        return word in _HIDDEN
    return says_yes(text)
