#!/bin/sh
# Browser tests drive Debian's Chromium. Install it where it is missing and that is possible.
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
find_chromium >/dev/null && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests ..."
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi
find_chromium >/dev/null && exit 0
echo "**********************************************************************" >&2
echo "No Chromium: THE BROWSER TESTS WILL BE SKIPPED. Install it (Debian:" >&2
echo "apt-get install chromium) and run the tests again." >&2
echo "**********************************************************************" >&2
[ -z "${CI:-}" ] || { echo "CI must not skip them." >&2; exit 1; }
