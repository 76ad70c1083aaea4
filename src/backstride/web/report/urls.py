from django.urls import path

from backstride.web.report import views

urlpatterns = [
    path("", views.report, name="report"),
    path("report.pdf", views.pdf, name="report_pdf"),
]
