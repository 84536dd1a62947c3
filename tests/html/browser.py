"""A client for headless Chromium by WebDriver; uses only the standard library."""
import base64, http.client, json, shutil, subprocess, tempfile

KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Down": "\ue015", "Right": "\ue014",
        "End": "\ue010", "Space": " "}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--window-size=1500,1000"]


def chromium():
    """The path of the browser, or None."""
    return shutil.which("chromium") or shutil.which("google-chrome")


def is_available():
    return bool(chromium() and shutil.which("chromedriver"))


class Browser:
    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                self.port = int(line.rstrip(".\n").rsplit(" ", 1)[1])
                break
        options = {"binary": chromium(), "args": [*FLAGS, f"--user-data-dir={self.profile.name}"]}
        capabilities = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self.session = ""
        created = self.request("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = f"/session/{created['sessionId']}"
        return self

    def __exit__(self, *_):
        try:
            if self.session:
                self.request("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            self.profile.cleanup()

    def request(self, method, path, body=None):
        """Sends a WebDriver command and returns its value. The path is relative to the session."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, self.session + path, None if body is None else json.dumps(body))
        value = json.load(connection.getresponse())["value"]
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(f"{path}: {value['error']}: {value['message']}")
        return value

    def open(self, url):
        self.request("POST", "/url", {"url": url})

    def run(self, script, *args):
        return self.request("POST", "/execute/sync", {"script": script, "args": list(args)})

    def find(self, selector):
        return self.request("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.request("POST", f"/element/{self.find(selector)}/click", {})

    def text(self, selector):
        return self.request("GET", f"/element/{self.find(selector)}/text")

    def is_shown(self, selector):
        return self.request("GET", f"/element/{self.find(selector)}/displayed")

    def type(self, selector, text):
        element = self.find(selector)
        self.request("POST", f"/element/{element}/clear", {})
        self.request("POST", f"/element/{element}/value", {"text": text})

    def press(self, *names):
        for name in names:
            keys = [{"type": kind, "value": KEYS.get(name, name)} for kind in ("keyDown", "keyUp")]
            self.request("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": keys}]})

    def devtools(self, command, **params):
        return self.request("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def set_media(self, scheme, kind="screen"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.devtools("Emulation.setEmulatedMedia", media=kind, features=features)

    def set_size(self, width, height):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                      mobile=width < 600)

    def set_scripts(self, are_enabled):
        """Whether pages that are opened from now on may run scripts. Our own can run in any case."""
        self.devtools("Emulation.setScriptExecutionDisabled", value=not are_enabled)

    def resize(self, width, height):
        """Sets the size of the page, also to one that no window has."""
        params = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.request("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": params})

    def errors(self):
        """The errors in the console of the page."""
        log = self.request("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in log if entry["level"] == "SEVERE"]

    def screenshot(self, path, whole=False):
        """Writes an image of the window, or of the whole page."""
        params = {"format": "png", "captureBeyondViewport": whole}
        image = self.request("POST", "/goog/cdp/execute", {"cmd": "Page.captureScreenshot", "params": params})
        with open(path, "wb") as file:
            file.write(base64.b64decode(image["data"]))
