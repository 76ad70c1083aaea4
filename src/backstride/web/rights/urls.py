from django.urls import path

from backstride.web.rights import views

urlpatterns = [
    path("data/export/", views.export, name="export"),
    path("data/export/state/", views.state, name="export_state"),
    path("data/export/backstride.zip", views.download, name="export_file"),
    path("data/export/delete/", views.take_away, name="export_delete"),
    path("you/delete/", views.delete_account, name="account_delete"),
]
