"""Children of the supervisor: processes of services and of steps, and the text that says why one ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.local import connection_settings, environment_variables, process_users
from infra.local.process import Child

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.data_folder import Folder
    from infra.local.supervised_command import Command

# Beginnings of lines that follow the line with the error: of a Java trace, and SQLAlchemy's link to its documentation.
FRAMES = ("\tat ", "\t... ", "(Background on this error at: ")


@dataclass(frozen=True, slots=True)
class Children:
    """Makes the processes of one cluster. `lock` is the descriptor of the folder's lock, which each inherits."""

    folder: Folder
    lock: int
    throwaway: bool

    def make(self, command: Command) -> Child:
        """Return the process of a command, not started yet."""
        environment = environment_variables.for_service(environment_variables.inherited(), command.settings)
        environment |= connection_settings.environment(self.folder.root, command.principal, command.role)
        environment |= command.environment
        log = self.folder.log / f"{command.name}.log"
        user = None if command.as_starter else process_users.of(command.name)
        environment = process_users.let_read_named(user, environment, self.folder)
        before = process_users.command_prefix(user, (self.folder.secrets / "any", *process_users.python_paths()))
        return Child(command.name, command.argv, environment, log, self.lock, before)

    def why(self, child: Child, what: str) -> str:
        """Describe an ended process: its name, `what` happened, its exit code, its last line, and its log."""
        lines = child.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
        words = [line for line in lines if not line.startswith(FRAMES)]
        more = "" if self.throwaway else f" (see {child.log})"
        return f"{child.name} {what} with {child.last_exit}: {words[-1] if words else 'it said nothing'}{more}"


def living(*children: Child) -> Callable[[], list[int]]:
    """Return the ids of the processes that live at each call."""
    return lambda: [child.pid for child in children if child.pid is not None]
