"""A standalone Spark cluster on loopback. Each worker is a process group."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import pyspark

HOME = Path(pyspark.__file__).parent
HOST = "127.0.0.1"
DAEMON = "org.apache.spark.deploy"

CONFIGURATION = {
    "spark.executor.cores": "1",
    "spark.executor.memory": "1g",
    "spark.driver.memory": "1g",
    "spark.ui.enabled": "false",
    "spark.driver.host": HOST,
}


def wait_until(what: str, condition: Callable[[], bool], timeout: float = 120) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.05)


class Cluster:
    """A master and workers, each pinned to one core. They are killed at the end of the `with` block."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        with socket.create_server((HOST, 0)) as unused:
            self.port = unused.getsockname()[1]
        self.processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self.count = workers

    @property
    def url(self) -> str:
        return f"spark://{HOST}:{self.port}"

    def __enter__(self) -> "Cluster":
        try:
            master = ["--host", HOST, "--port", str(self.port), "--webui-port", "0"]
            self.start("master", [str(HOME / "bin" / "spark-class"), f"{DAEMON}.master.Master", *master])
            wait_until("the master listens", lambda: "Starting Spark master" in self.log("master"))
            for number in range(self.count):
                self.workers.append(self.worker(number))
            for number in range(self.count):
                wait_until("a worker is registered", lambda: "Successfully registered" in self.log(f"worker{number}"))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in reversed(self.processes):
            kill(process)

    def worker(self, number: int) -> "subprocess.Popen[bytes]":
        """Start a worker. It is pinned to one core, with its executor and its Python processes."""
        name, core = f"worker{number}", str(number % (os.cpu_count() or 1))
        options = ["--host", HOST, "--webui-port", "0", "--cores", "1", "--memory", "1g"]
        options += ["--work-dir", str(self.folder / name), self.url]
        worker = [str(HOME / "bin" / "spark-class"), f"{DAEMON}.worker.Worker", *options]
        return self.start(name, ["taskset", "-c", core, *worker])

    def submit(self, *job: str) -> "subprocess.Popen[bytes]":
        """Start a job, whose log is `driver`."""
        settings = [word for name, value in CONFIGURATION.items() for word in ("--conf", f"{name}={value}")]
        return self.start("driver", [str(HOME / "bin" / "spark-submit"), "--master", self.url, *settings, *job])

    def start(self, name: str, command: list[str]) -> "subprocess.Popen[bytes]":
        environment = os.environ | {
            "SPARK_HOME": str(HOME),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_LOCAL_DIRS": str(self.folder / "local"),
            "SPARK_DAEMON_MEMORY": "256m",
            "PYSPARK_PYTHON": sys.executable,
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self.processes.append(process)
        return process

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and its group, which for a worker includes its executor."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
