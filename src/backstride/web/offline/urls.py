from django.urls import path

from backstride.web.offline import views

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.worker, name="service_worker"),
    path("offline/", views.offline, name="offline"),
    path("outbox/", views.outbox, name="outbox"),
]
