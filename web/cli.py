"""The command `worldwidewe`. It imports what a command needs when it needs it, so that `--help` answers at once.

The one thing to know: a user's mistake is one line on standard error and never a traceback; a traceback is our mistake.
"""

import importlib
import sys

import click

from config.version import VERSION

# command → (module under web.commands, one line of help for the overview)
_COMMANDS = {
    "run": ("run", "Do the main job: read the sources, keep reading them, serve the board."),
    "serve": ("serve", "Serve the board only."),
    "worker": ("run", "Read the sources and send the letters only."),
    "pull": ("pull", "Read sources now and say what each visit brought."),
    "sources": ("sources", "List, show, add, change, remove and try sources."),
    "alerts": ("alerts", "List what should be looked at."),
    "keys": ("keys", "Set, list and forget the keys that platforms ask for."),
    "linkedin": ("linkedin", "Connect our own LinkedIn pages, and see how long that lasts."),
    "leads": ("leads", "List what sources bring for the office alone."),
    "organisations": ("organisations", "Search the directory of organisations."),
    "quarantine": ("quarantine", "List, read again or dismiss what could not be read."),
    "reparse": ("pull", "Read the kept pages of a source again, without the network."),
    "parse": ("parse", "Read a saved answer of a platform and print what it says."),
    "members": ("members", "Import, list and show members."),
    "requests": ("requests", "Enter, publish and withdraw what members seek or offer."),
    "digest": ("digest", "Preview letters, write and send those that are due, go on after a restore."),
    "opportunities": ("opportunities", "Find an opportunity; see what makes it up and what changed."),
    "export": ("export", "Print every opportunity as JSON lines or CSV."),
    "doctor": ("care", "Check the installation and say what to do."),
    "retention": ("quarantine", "Let go what need not or may not be kept any longer."),
    "backup": ("care", "Copy the store, consistently, while it is in use."),
    "restore": ("care", "Put a backup in the place of the store; mail stays paused."),
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"web.commands.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # From the table above: listing the commands must not import them all.
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="worldwidewe")
def cli() -> None:
    """Reads the platforms where partners, tenders and calls appear, and brings each cooperative the few that fit it.

    Data lie in WORLDWIDEWE_HOME (default ./var). Each command has its own --help with an example.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command; exit 1 and one line for what a user can mend, 2 for a command line that makes no sense."""
    from web.commands.mistakes import mistakes, told

    try:
        cli.main(arguments, prog_name="worldwidewe", standalone_mode=False)
    except click.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as exc:
        exc.show()
        sys.exit(exc.exit_code)
    except click.ClickException as exc:
        _say(_told(exc))
        sys.exit(exc.exit_code)
    except mistakes() as exc:
        for line in told(exc):
            _say(line)
        sys.exit(1)


def _told(exc: click.ClickException) -> str:
    message = " ".join(exc.format_message().split())
    if isinstance(exc, click.UsageError) and exc.ctx is not None:
        return f"{message.rstrip('.')}; see: {exc.ctx.command_path} --help"
    return message


def _say(line: str) -> None:
    click.echo(f"worldwidewe: {line}", err=True)


if __name__ == "__main__":
    main()
