"""`endonym`: finds the command and turns errors into messages and exit codes.

Exit codes: 0 clean, 1 errors found in people's files, 2 wrong use, 3 the environment does not allow it.
"""

from __future__ import annotations

import importlib
import sys

import click

from endonym import __version__
from endonym.core.errors import (
    BundleError,
    EndonymError,
    EngineError,
    LedgerError,
    PackError,
    PluginLoadError,
    RequestError,
    RetrievalError,
    SettingsError,
    SpecError,
    StoreError,
)  # fmt: skip

COMMANDS = {
    "ask": "One turn in the terminal, with citations.",
    "assessment": "Draft a data-protection assessment of packs as they are set up here.",
    "audit": "Compare a running server with a published bundle, from outside.",
    "break-glass": "Read a conversation with two of three people, in the ledger.",
    "budget": "Limit what schools, classes, persons and keys may use.",
    "build": "Compile a pack stack into a bundle.",
    "check": "Check packs and print findings with remedies.",
    "compare": "Compare the packs of several countries, topic by topic.",
    "corrections": "Write teachers' corrections of replies as evaluation cases.",
    "diff": "Show what changed from one version of a pack to another.",
    "doctor": "Check a deployment and say what to do where something is wrong.",
    "draft": "Draft a lesson or a quiz from a pack, with sources.",
    "eval": "Run a pack's examples and cases and print a table.",
    "init": "Make a first pack for any country.",
    "explain": "Show a section as it stands for an audience, layer by layer.",
    "export": "Write outcomes as CASE or the glossary as TBX, for other programs.",
    "key": "Make and revoke keys for callers of the API.",
    "ledger": "Verify the ledger, sign it, prove that a reply was given.",
    "lock": "Choose the versions of extended packs and write pack.lock.",
    "person": "Give a person everything that is kept of them, or erase it.",
    "plan": "Estimate hardware, tokens and cost for a number of students.",
    "publish": "Write the public site of a bundle.",
    "registry": "Publish packs into a registry, and see what is in one.",
    "roster": "Bring classes with their students from a school's register.",
    "rule": "Show what a rule of the checker finds, and what to do instead.",
    "schema": "Write JSON Schemas of a pack's files, for editors.",
    "serve": "Serve the tutor and the API.",
    "settings": "Show each setting and where it comes from.",
    "spec": "Show, adopt and compare behaviour specs.",
    "store": "Change the keys of the database.",
}
_EXIT = {PackError: 1, SpecError: 1, BundleError: 1, RequestError: 2, SettingsError: 2, PluginLoadError: 3,
         RetrievalError: 3, StoreError: 3, LedgerError: 3, EngineError: 3}  # fmt: skip


class _Commands(click.Group):
    """Imports a command only when it is called, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"endonym.cli.{'evaluate' if cmd_name == 'eval' else cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="endonym")
def command() -> None:
    """Localize an AI model openly: packs, a checker, a tutor and an OpenAI-compatible API.

    \b
    Examples:
      endonym check packs/estonia-upper-secondary
      endonym ask packs/estonia-upper-secondary "Mis on fotosüntees?" --language et
      endonym serve packs/estonia-upper-secondary packs/trinidad-and-tobago
    """


def main() -> None:
    try:
        code = command(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except EndonymError as error:
        click.echo(f"{click.style('error', fg='red', bold=True)} {error}", err=True)
        sys.exit(next((code for kind, code in _EXIT.items() if isinstance(error, kind)), 3))
    except KeyboardInterrupt:
        sys.exit(130)
