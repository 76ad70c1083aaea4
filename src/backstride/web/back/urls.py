from django.urls import path

from backstride.web.back import form_views, mobility, views

urlpatterns = [
    path("", views.back, name="back"),
    path("where/", views.where, name="back_where"),
    path("today/", views.today, name="back_today"),
    path("flare/", views.flare, name="back_flare"),
    path("episodes/", views.episode, name="back_episode"),
    path("notes/", views.note, name="back_note"),
    path("notes/<int:pk>/remove/", views.remove_note, name="back_note_remove"),
    path("timeline/", views.whole_timeline, name="back_timeline"),
    path("forms/", form_views.every_form, name="back_forms"),
    path("forms/<slug:key>/", form_views.fill_in, name="back_form"),
    path("forms/<slug:key>/keep/", form_views.keep, name="back_form_keep"),
    path("mobility/", mobility.every_test, name="back_mobility"),
    path("mobility/<slug:key>/", mobility.one_test, name="back_mobility_test"),
    path("mobility/results/<int:pk>/remove/", mobility.remove, name="back_mobility_remove"),
    path("sheets/<int:pk>/", form_views.sheet, name="back_sheet"),
    path("sheets/<int:pk>/remove/", form_views.remove, name="back_sheet_remove"),
]
