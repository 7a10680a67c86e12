"""Which system user the embedded server runs as, and what it must be allowed to reach.

PostgreSQL refuses to run as root. Started by root it runs as a system user of its own, who must be able to
pass through the folders above its data and its programs.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from anticipate.start_error import StartError

SYSTEM_USER = "pgserver"
PRIVATE = 0o700


@dataclass(frozen=True)
class Owner:
    """The user to switch to before starting a PostgreSQL program; None keeps the present one."""

    uid: int | None
    gid: int | None

    @property
    def popen_arguments(self) -> dict[str, object]:
        """Return the arguments of `subprocess.run` that make the child run as this user."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


MYSELF = Owner(uid=None, gid=None)


def owner_of(data_dir: Path) -> Owner:
    """Return who runs the server on `data_dir`: root never does, others do it themselves.

    Root uses the owner of data that is already there, so that `sudo make up` after `make up` still works.
    """
    if os.geteuid() != 0:
        return MYSELF
    if data_dir.exists() and (found := data_dir.stat()).st_uid != 0:
        return Owner(uid=found.st_uid, gid=found.st_gid)
    entry = _system_user()
    return Owner(uid=entry.pw_uid, gid=entry.pw_gid)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    program = shutil.which("useradd") or "/usr/sbin/useradd"
    command = [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, KeyError, subprocess.CalledProcessError) as error:
        raise StartError(
            f"PostgreSQL does not run as root, and the system user '{SYSTEM_USER}' could not be made.",
            where=" ".join(command),
            next_step="run Anticipate as an ordinary user, or set DATABASE_URL",
        ) from error


def make_private(folder: Path, *, owner: Owner) -> None:
    """Make `folder` if needed, owned by `owner` and closed to everybody else.

    raises: StartError when something else lies there or it belongs to somebody else (a folder under /tmp
        could have been laid there by another user)
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        if owner.uid is not None and owner.gid is not None and folder.stat().st_uid == 0:
            os.chown(folder, owner.uid, owner.gid)
        found = folder.lstat()
        wanted = os.geteuid() if owner.uid is None else owner.uid
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != wanted:
            raise StartError(
                "The embedded PostgreSQL's folder belongs to another user.",
                where=f"{folder} (owner {_user_name(found.st_uid)}, needed {_user_name(wanted)})",
                next_step="run Anticipate as the user who started it first, or move the folder away",
            )
        folder.chmod(PRIVATE)
    except OSError as error:
        raise StartError(
            f"Cannot make the embedded PostgreSQL's folder: {error.strerror}.",
            where=str(folder),
            next_step="make the folder above writable for the user who runs Anticipate, or set VAR_DIR",
        ) from error


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def open_the_way(target: Path, *, owner: Owner) -> None:
    """Let `owner` pass through the folders above `target`; only needed, and only done, as root.

    Adds the permission to pass (o+x), not to list, and says so: a folder such as /root is closed by default.
    """
    if owner.uid is None:
        return
    for folder in target.parents:
        mode = folder.stat().st_mode
        if mode & stat.S_IXOTH or folder.stat().st_uid == owner.uid:
            continue
        folder.chmod(mode | stat.S_IXOTH)
        sys.stderr.write(
            f"Opened {folder} for passing through (chmod o+x): PostgreSQL runs as its own user.\n"
        )


def open_programs(install_dir: Path, *, owner: Owner) -> None:
    """Make the wheel's files readable for `owner` where a strict umask closed them; as root only."""
    if owner.uid is None or _is_readable_by_all(install_dir / "bin" / "postgres"):
        return
    for path in [install_dir, *install_dir.rglob("*")]:
        extra = stat.S_IROTH
        if path.is_dir() or path.stat().st_mode & stat.S_IXUSR:
            extra |= stat.S_IXOTH
        path.chmod(path.stat().st_mode | extra)


def _is_readable_by_all(path: Path) -> bool:
    return path.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH) == (stat.S_IROTH | stat.S_IXOTH)
