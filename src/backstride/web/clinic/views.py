from django.shortcuts import render

from backstride.web.safety.gate import walker_view


@walker_view
def appointments(request):
    return render(request, "people/about.html")


def inbox(request):
    return render(request, "people/about.html")
