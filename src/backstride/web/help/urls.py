from django.urls import path

from backstride.web.help import views

urlpatterns = [
    path("", views.index, name="help"),
    path("worry/", views.worry, name="help_worry"),
    path("flare/", views.flare, name="help_flare"),
    path("flare/note/", views.note_flare, name="help_flare_note"),
    path("therapist/", views.therapist, name="help_therapist"),
    path("app/", views.app, name="help_app"),
    path("cards/", views.cards, name="help_cards"),
    path("cards/<slug:key>/", views.card, name="help_card"),
    path("cards/<slug:key>/mark/", views.mark, name="help_mark"),
]
