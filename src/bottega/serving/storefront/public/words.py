"""What the public storefront says beside the merchant's own words, in five languages."""

from __future__ import annotations

__all__ = ["LANGUAGES", "words_of"]

LANGUAGES = ("en", "de", "es", "fr", "it")

_WORDS: dict[str, tuple[str, str, str, str, str]] = {
    "skip": ("Skip to the page", "Zum Inhalt", "Ir al contenido", "Aller au contenu", "Vai al contenuto"),
    "search": ("Search", "Suchen", "Buscar", "Rechercher", "Cerca"),
    "search_products": (
        "Search products", "Produkte suchen", "Buscar productos", "Rechercher des produits", "Cerca prodotti",
    ),
    "everything": ("Everything", "Alles", "Todo", "Tout", "Tutto"),
    "categories": ("Categories", "Kategorien", "Categorías", "Catégories", "Categorie"),
    "you_are_here": ("You are here", "Sie sind hier", "Estás aquí", "Vous êtes ici", "Ti trovi qui"),
    "products": ("{n} products", "{n} Produkte", "{n} productos", "{n} produits", "{n} prodotti"),
    "product": ("1 product", "1 Produkt", "1 producto", "1 produit", "1 prodotto"),
    "page": ("Page {n}", "Seite {n}", "Página {n}", "Page {n}", "Pagina {n}"),
    "pages": ("Pages", "Seiten", "Páginas", "Pages", "Pagine"),
    "before": ("Previous page", "Vorige Seite", "Página anterior", "Page précédente", "Pagina precedente"),
    "next": ("Next page", "Nächste Seite", "Página siguiente", "Page suivante", "Pagina successiva"),
    "from": ("from {price}", "ab {price}", "desde {price}", "à partir de {price}", "da {price}"),
    "instead": ("instead of {price}", "statt {price}", "antes {price}", "au lieu de {price}", "invece di {price}"),
    "choose": ("Choose", "Auswahl", "Elige", "Choisissez", "Scegli"),
    "details": ("Details", "Einzelheiten", "Detalles", "Détails", "Dettagli"),
    "description": ("Description", "Beschreibung", "Descripción", "Description", "Descrizione"),
    "buy": ("Buy", "Kaufen", "Comprar", "Acheter", "Acquista"),
    "ask_whatsapp": (
        "Ask in WhatsApp", "In WhatsApp fragen", "Preguntar por WhatsApp", "Demander sur WhatsApp",
        "Chiedi su WhatsApp",
    ),
    "whatsapp_text": (
        "Hello, I have a question about: {title}", "Hallo, ich habe eine Frage zu: {title}",
        "Hola, tengo una pregunta sobre: {title}", "Bonjour, j'ai une question sur : {title}",
        "Ciao, ho una domanda su: {title}",
    ),
    "reviews": ("Reviews", "Bewertungen", "Opiniones", "Avis", "Recensioni"),
    "stars": (
        "{stars} of 5 stars, {n} reviews", "{stars} von 5 Sternen, {n} Bewertungen",
        "{stars} de 5 estrellas, {n} opiniones", "{stars} étoiles sur 5, {n} avis",
        "{stars} stelle su 5, {n} recensioni",
    ),
    "similar": ("Similar products", "Ähnliches", "Productos similares", "Produits similaires", "Prodotti simili"),
    "for_you": ("For you", "Für Sie", "Para ti", "Pour vous", "Per te"),
    "popular": ("Popular now", "Gerade beliebt", "Popular ahora", "Populaire en ce moment", "Popolari adesso"),
    "also": (
        "You may also like", "Das könnte Ihnen gefallen", "También te puede gustar", "Vous aimerez peut-être",
        "Potrebbe piacerti",
    ),
    "results": (
        "Results for “{q}”", "Ergebnisse für „{q}“", "Resultados de «{q}»", "Résultats pour « {q} »",
        "Risultati per «{q}»",
    ),
    "nothing_found": (
        "Nothing here is all of that.", "Nichts hier ist all das.", "Nada aquí es todo eso.",
        "Rien ici n'est tout cela.", "Niente qui è tutto questo.",
    ),
    "not_here": (
        "Nothing stands here", "Hier steht nichts", "Aquí no hay nada", "Il n'y a rien ici", "Qui non c'è nulla",
    ),
    "not_here_why": (
        "The address may be mistyped, or what was here has moved.",
        "Vielleicht ist die Adresse vertippt, oder was hier stand, ist umgezogen.",
        "Quizá la dirección tiene una errata, o lo que había aquí se ha movido.",
        "L'adresse est peut-être mal tapée, ou ce qui était ici a été déplacé.",
        "Forse l'indirizzo è sbagliato, o ciò che era qui si è spostato.",
    ),
    "gone": (
        "This is no longer made", "Das gibt es nicht mehr", "Esto ya no se fabrica", "Ceci n'est plus fabriqué",
        "Non è più in produzione",
    ),
    "gone_why": (
        "It has left the shop for good. Perhaps something of its kind will do:",
        "Es ist für immer aus dem Sortiment. Vielleicht hilft etwas von seiner Art:",
        "Ha dejado la tienda para siempre. Quizá sirva algo parecido:",
        "Il a quitté la boutique pour de bon. Peut-être quelque chose du même genre :",
        "Ha lasciato il negozio per sempre. Forse può andare qualcosa di simile:",
    ),
    "too_much": (
        "That was a lot at once", "Das war viel auf einmal", "Eso fue mucho a la vez", "C'était beaucoup à la fois",
        "Era molto in una volta",
    ),
    "too_much_why": (
        "Wait a minute, and load the page again.", "Warten Sie eine Minute und laden Sie die Seite neu.",
        "Espera un minuto y vuelve a cargar la página.", "Attendez une minute et rechargez la page.",
        "Aspetta un minuto e ricarica la pagina.",
    ),
    "trouble": (
        "The shop cannot answer just now", "Der Laden kann gerade nicht antworten",
        "La tienda no puede responder ahora",
        "La boutique ne peut pas répondre pour l'instant", "Il negozio non può rispondere ora",
    ),
    "consent": (
        "May this shop remember in this browser what you look at, to show you what suits you?",
        "Darf sich dieser Laden in diesem Browser merken, was Sie ansehen, um Passendes zu zeigen?",
        "¿Puede esta tienda recordar en este navegador lo que miras, para mostrarte lo que te va?",
        "Cette boutique peut-elle retenir dans ce navigateur ce que vous regardez, pour vous montrer ce qui vous "
        "convient ?",
        "Questo negozio può ricordare in questo browser ciò che guardi, per mostrarti ciò che fa per te?",
    ),
    "yes": ("Yes", "Ja", "Sí", "Oui", "Sì"),
    "no": ("No", "Nein", "No", "Non", "No"),
    "your_choice": (
        "What is remembered", "Was gemerkt wird", "Qué se recuerda", "Ce qui est retenu", "Cosa si ricorda",
    ),
    "in_stock": ("In stock", "Vorrätig", "Disponible", "En stock", "Disponibile"),
    "preorder": ("Pre-order", "Vorbestellbar", "Preventa", "En précommande", "In preordine"),
    "backorder": ("On back-order", "Wird nachgeliefert", "Bajo pedido", "En réapprovisionnement", "In riassortimento"),
    "out_of_stock": ("Out of stock", "Ausverkauft", "Agotado", "Épuisé", "Esaurito"),
    "discontinued": ("No longer made", "Nicht mehr erhältlich", "Descatalogado", "Plus fabriqué", "Fuori produzione"),
}  # fmt: skip
"""What is said -> how, in the order of `LANGUAGES`; availabilities by their names."""


def words_of(language: str) -> dict[str, str]:
    """All of them in one language; English where it has none.

    >>> words_of("de")["in_stock"], words_of("pl")["search"]
    ('Vorrätig', 'Search')
    """
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {name: said[place] for name, said in _WORDS.items()}
