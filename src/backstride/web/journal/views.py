from django.shortcuts import render

from backstride.web.safety.gate import walker_view


@walker_view
def log(request):
    return render(request, "people/about.html")
