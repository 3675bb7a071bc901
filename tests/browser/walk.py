"""A walk through the console in a real browser: every page that comes is looked at by axe, at each width and in each scheme.

In: a signed-in page and how it is to be looked at. Out: what was found, and every address that the browser asked for.
"""

from urllib.parse import urlsplit

from starlette.routing import Match

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
# What axe leaves out unless it is asked: WCAG 2.2, 2.5.8, which Lighthouse looks at.
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
UNFOLD = "document.querySelectorAll('main details, .frame details').forEach(one => { one.open = true })"


class Walk:
    def __init__(self, page, site, axe, looks):
        self.page, self.site, self.found, self.asked = page, site, {}, set()
        self._axe, self._looks = axe, looks
        page.on("request", lambda sent: self.asked.add((sent.method, urlsplit(sent.url).path)))

    def open(self, path, status=200):
        response = self.page.goto(f"{self.site.base}/{path}")
        assert response.status == status, f"{path} answers {response.status}"
        self.look(path)

    def act(self, action, status=200, among="form:visible", **fields):
        """Fill in the first form (`among` those) that leads to this address, or to its own page, send it, and look at what comes."""
        self.page.evaluate(UNFOLD)
        button = f"button[formaction$='{action}']"
        leading = f"form[action$='{action}'], form:has({button})" if action else "form[method=post]:not([action])"
        form = self.page.locator(among).and_(self.page.locator(leading)).first
        assert form.count() == 1, f"{self.page.url} has no form that leads to {action}"
        for name, value in fields.items():
            self._put(form.locator(f"[name='{name}']").first, value)
        own = form.locator(button)
        with self.page.expect_navigation() as came:
            (own if own.count() else form.locator("button:not(.no-js)")).first.click()
        assert came.value.status == status, f"{action} answers {came.value.status}"
        self.look(f"{action} {fields or ''}")

    def press(self, locator, name, status=200):
        """A button that belongs to a form elsewhere on the page."""
        with self.page.expect_navigation() as came:
            locator.click()
        assert came.value.status == status
        self.look(name)

    def look(self, name, unfold=True):
        if unfold:
            self.page.evaluate(UNFOLD)
        for size, scheme in self._looks:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme)
            where = f"{name} ({size['width']}, {scheme})"
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                self.found[f"{where}: too wide"] = [f"{wide} px"]
            for one in self._violations():
                self.found[f"{where}: {one['id']}"] = [node["html"][:160] for node in one["nodes"]][:3]
        self.page.set_viewport_size(DESKTOP)

    def _violations(self):
        """axe is put into a page once."""
        if self.page.evaluate("typeof axe === 'undefined'"):
            return self._axe.run(self.page, options=RULES).response["violations"]
        return self.page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]

    def passed(self, routes):
        """The names of the routes that the browser has asked for."""
        return {route.name for method, path in self.asked if (route := _route(routes, method, path))}

    def _put(self, field, value):
        kind = field.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
        if kind == "select":
            field.select_option(value)
        elif kind in ("checkbox", "radio"):
            field.set_checked(bool(value))
        else:
            field.fill(value)


def _route(routes, method, path):
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    return next((route for route in routes if route.matches(scope)[0] is Match.FULL), None)
