from django.shortcuts import render

from backstride.web.safety.gate import walker_view


@walker_view
def progress(request):
    return render(request, "people/about.html")
