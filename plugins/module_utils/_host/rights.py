# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whose rights a piece of work on files is done with.

Root works in folders of the server's account. By any name there that account can lead root
elsewhere, at any moment. So root does its work there with the rights of that account: the kernel
then refuses whatever the account could not have done itself.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pwd
import stat
from dataclasses import dataclass
from typing import Iterator

# An account and a group that own nothing; what a container shows of accounts it does not know.
NOBODY = 65534


class RightsError(OSError):
    """Root may not take the rights of an account here."""


@dataclass(frozen=True)
class Rights:
    """The rights of an account: its id, its group's, and those of its further groups."""

    uid: int
    gid: int
    groups: tuple[int, ...] = ()

    def __str__(self) -> str:
        """For people: the name of the account."""
        if self.uid == NOBODY and self.gid != NOBODY:
            return f"group {self.gid}"
        return account(self.uid)


def account(uid: int) -> str:
    """The name of an account, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


@functools.lru_cache(maxsize=None)
def of_account(uid: int) -> Rights:
    """The rights of an account.

    One without a name is in no group that the system knows of.
    """
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Rights(uid, NOBODY)
    return Rights(uid, entry.pw_gid, tuple(os.getgrouplist(entry.pw_name, entry.pw_gid)))


def of_folder(folder: os.stat_result, entry: os.stat_result | None = None) -> Rights | None:
    """The rights of whoever could exchange a name in a folder.

    :arg folder: the status of the folder.
    :kwarg entry: that of what the name leads to, None where there is nothing.
    :returns: None where nobody could but the account of this run: its own rights will do. An
        account other than root has no rights to give up, and so works with its own everywhere.
    """
    if folder.st_uid == NOBODY and not _sees_all_accounts():
        return None  # of somebody outside this container, who can do as he likes with all of it
    rights = of_file(folder.st_uid, folder.st_gid, folder.st_mode)
    if rights and folder.st_mode & stat.S_ISVTX and entry is not None:
        # Only its owner can exchange an entry, and that of a folder, who is root.
        return of_account(entry.st_uid) if entry.st_uid else None
    return rights


def of_file(uid: int, gid: int, mode: int) -> Rights | None:
    """The rights of whoever could write into a file; None if that is this account or root."""
    if os.geteuid():
        return None
    if uid:
        return of_account(uid)
    if mode & stat.S_IWOTH:
        return Rights(NOBODY, NOBODY)
    if mode & stat.S_IWGRP and gid:
        return Rights(NOBODY, gid)
    return None


@functools.lru_cache(maxsize=None)
def _sees_all_accounts() -> bool:
    try:
        with open("/proc/self/uid_map", "rb") as stream:
            return stream.read(100).split() == [b"0", b"0", b"4294967295"]
    except OSError:
        return True


@contextlib.contextmanager
def taken(rights: Rights | None) -> Iterator[None]:
    """Work with other rights than root's; None changes nothing.

    Whoever's they are cannot get at this process meanwhile: its real account stays root, and the
    kernel lets nobody trace it.

    :raises RightsError: when root may not, as in a container without these accounts.
    """
    if rights is None:
        yield
        return
    gid, groups = os.getegid(), os.getgroups()
    try:
        try:
            os.setgroups(rights.groups)
            os.setegid(rights.gid)
            os.seteuid(rights.uid)
        except OSError as error:
            text = f"root may not work with the rights of {rights} here: {error.strerror}"
            raise RightsError(error.errno, text) from error
        yield
    finally:
        os.seteuid(0)
        os.setegid(gid)
        os.setgroups(groups)
