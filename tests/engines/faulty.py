"""Answers every call with true, but has the fault that the first argument names."""
import json, os, signal, subprocess, sys, tempfile, threading, time

fault = sys.argv[1]
say = lambda text: (sys.stdout.write(text), sys.stdout.flush())
answer = lambda id, value=True, **more: say(json.dumps({"id": id, "ok": value, **more}) + "\n")

if fault == "exits-at-start":
    sys.exit("no licence found")
if fault == "crashes-and-does-not-start-again":
    state = os.path.join(tempfile.gettempdir(), sys.argv[2])
    if os.path.exists(state):
        os.remove(state)
        sys.exit("no licence found")
    open(state, "w").close()
    fault = "always-crashes"
if fault == "never-says-hello":
    time.sleep(60)
if fault == "banner":
    say("Welcome to the engine\n")
if fault == "ignores-end-of-input":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if fault == "floods-stderr":
    sys.stderr.write("noise\n" * 2_000_000)
if fault.startswith("forks"):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", *sys.argv])

pending = []
count = 0
for line in sys.stdin:
    call = json.loads(line)
    if call.get("op") == "hello":
        hello = {"engine": "faulty", "version": "1", "functions": ["has", "no_such_function"]}
        say(json.dumps({**hello, "protocol": 2} if fault == "other-protocol" else hello) + "\n")
        continue
    id = call["id"]
    bad = call["args"][0] == "bad"
    match fault:
        case "crashes-on-bad" if bad:
            print("cannot divide by zero", file=sys.stderr)
            os._exit(7)
        case "loses-answers-on-bad":
            if bad:
                os._exit(7)
            threading.Timer(0.02, answer, [id]).start()
        case "always-crashes":
            os._exit(7)
        case "stalls-on-bad" if bad:
            time.sleep(60)
        case "late-on-bad" if bad:
            time.sleep(2)
            answer(id)
        case "never-answers" | "forks-and-never-answers":
            pass
        case "not-json-on-bad" if bad:
            say("oops <b>\x1b[31m\n")
            answer(id)
        case "wrong-id-on-bad" if bad:
            answer(id + 1_000_000)
        case "unknown-id-on-bad" if bad:
            answer("x")
        case "twice-on-bad" if bad:
            answer(id), answer(id)
        case "always-twice":
            answer(id), answer(id)
        case "repeats-for-ever-on-bad" if bad:
            while True:
                answer(id)
        case "extra-fields":
            answer(id, ms=3, note=None)
        case "long-line-on-bad" if bad:
            for _ in range(100):
                say("x" * 1_000_000)
            answer(id)
        case "crashes-once-on-bad" | "stalls-once-on-bad" if bad:
            state = os.path.join(tempfile.gettempdir(), sys.argv[2])
            if not os.path.exists(state):
                open(state, "w").close()
                if fault == "stalls-once-on-bad":
                    time.sleep(60)
                os._exit(7)
            os.remove(state)
            answer(id)
        case "stalls-now-and-then":
            count += 1
            if count % 5 == 0:
                time.sleep(60)
            answer(id)
        case "leaves-the-session":
            code = "import os, time; os.setsid(); time.sleep(60)"
            subprocess.Popen([sys.executable, "-c", code, *sys.argv])
            os._exit(7)
        case "describes-itself":
            try:
                open("/dev/tty").close()
                terminal = True
            except OSError:
                terminal = False
            session = os.getsid(0) == os.getpid()
            answer(id, [terminal, session, "RULESPEC_ENGINE" in os.environ, os.getcwd()])
        case "takes-memory":
            try:
                answer(id, len(bytearray(1 << 30)))
            except MemoryError:
                answer(id, "out of memory")
        case "large-answers":
            answer(id, "x" * 1_000_000)
        case "closes-stdout-on-bad" if bad:
            os.close(1)
            time.sleep(60)
        case "no-outcome-on-bad" if bad:
            say(json.dumps({"id": id}) + "\n")
        case "backwards":
            pending.append(id)
            if len(pending) == 10:
                [answer(id) for id in reversed(pending)]
                pending = []
        case _:
            answer(id)
if fault == "ignores-end-of-input":
    while True:
        time.sleep(1)
sys.exit(3 if fault == "exits-3" else 0)
