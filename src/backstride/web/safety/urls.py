from django.urls import path

from backstride.web.safety import views

urlpatterns = [
    path("", views.start, name="safety"),
    path("<slug:section>/", views.section, name="safety_section"),
    path("result/stop/", views.stop, name="safety_stop"),
    path("result/cleared/", views.cleared, name="safety_cleared"),
]
