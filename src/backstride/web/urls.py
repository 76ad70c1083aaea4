"""Every address of the site; each app's own are in its urls.py."""

from django.urls import include, path

urlpatterns = [
    path("", include("backstride.web.people.urls")),
    path("", include("backstride.web.offline.urls")),
    path("safety/", include("backstride.web.safety.urls")),
    path("log/", include("backstride.web.journal.urls")),
    path("", include("backstride.web.rights.urls")),
    path("data/", include("backstride.web.imports.urls")),
    path("plan/", include("backstride.web.plan.urls")),
    path("walk/", include("backstride.web.walk.urls")),
    path("back/", include("backstride.web.back.urls")),
    path("progress/", include("backstride.web.insight.urls")),
    path("report/", include("backstride.web.report.urls")),
    path("reminders/", include("backstride.web.reminders.urls")),
    path("clinic/", include("backstride.web.clinic.urls")),
    path("sharing/", include("backstride.web.sharing.urls")),
    path("help/", include("backstride.web.help.urls")),
    path("account/", include("allauth.account.urls")),
]
