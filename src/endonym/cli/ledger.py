"""`endonym ledger`: what anybody can verify about the replies that were given."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import click

from endonym.cli.progress import progress


@click.group(name="ledger")
def command() -> None:
    """The ledger of replies: a chain of metadata and digests, never of texts, signed at every checkpoint.

    \b
    Examples:
      endonym ledger verify
      endonym ledger prove turn_0192f3 -o proof.json
      endonym ledger check proof.json --key 'school.example/ledger+1a2b3c4d+AZ…' --reply reply.txt
    """


@command.command()
@click.option("--from", "file", type=click.Path(path_type=Path, exists=True), help="Verify an export instead of the database.")
@click.option("--checkpoint", "kept", type=click.Path(path_type=Path, exists=True), multiple=True,
              help="A checkpoint that somebody kept; the ledger must still agree with it.")  # fmt: skip
@click.option("--key", help="Public key that must have signed (default: this installation's own).")
@click.option("--witness", "witnesses", multiple=True, help="Public key of a witness to look for (default: those of the settings).")
def verify(file: Path | None, kept: tuple[Path, ...], key: str | None, witnesses: tuple[str, ...]) -> None:
    """Find every entry that was changed, removed or moved. Exits with 1 where there is one.

    Without checkpoints that others keep, or witnesses that cosign them, whoever holds the signing key can write the whole ledger anew.
    """
    from endonym.ledger.audit import audit
    from endonym.ledger.export import exported_checkpoints, exported_entries
    from endonym.ledger.note import Checkpoint, VerifierKey
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_signer, open_store

    notes = [Checkpoint.parse(path.read_text("utf-8")) for path in kept]
    wanted = VerifierKey.parse(key) if key else None
    looked_for = [VerifierKey.parse(one) for one in witnesses]
    if file:
        own = exported_checkpoints(file)
        found = audit(exported_entries(file), [*own, *notes], wanted)
    else:
        settings = read_settings()
        looked_for = looked_for or [one.verifier for one in settings.witnesses.values()]
        with closing(open_store(settings)) as store:
            size, show = store.ledger_size(), progress()
            own = store.checkpoints()
            found = audit(store.ledger(), [*own, *notes], wanted or open_signer(settings).verifier,
                          lambda number: show(f"verifying: {number} of {size} entries") if number % 10_000 == 0 else None)  # fmt: skip
    for fault in found.faults:
        click.echo(f"{click.style('error', fg='red', bold=True)} {fault}")
    click.echo(f"{found.entries:,} entries, {found.checkpoints:,} checkpoints: {'whole' if not found.faults else f'{len(found.faults)} fault(s)'}")
    if looked_for and own:
        signed = [one.name for one in looked_for if own[-1].signed_by(one)]
        click.echo(f"the newest checkpoint, over {own[-1].size:,} entries: cosigned by {len(signed)} of {len(looked_for)} witnesses"
                   f"{': ' if signed else ''}{', '.join(signed)}")  # fmt: skip
    sys.exit(1 if found.faults else 0)


@command.command()
def checkpoint() -> None:
    """Sign what the ledger is now and print the checkpoint; a server does so every minute by itself.

    \b
    Example:
      endonym ledger checkpoint > "ledger-$(date +%F).txt"
    """
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_signer, open_store

    settings = read_settings()
    with closing(open_store(settings)) as store:
        note = store.add_checkpoint(open_signer(settings)) or next(iter(store.checkpoints()[-1:]), None)
    if note is None:
        click.echo("The ledger is empty: there is nothing to sign.", err=True)
    else:
        click.echo(str(note), nl=False)


@command.command()
def key() -> None:
    """Print the public key that signs here. Publish it where readers find it without this server."""
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_signer

    click.echo(str(open_signer(read_settings()).verifier))


@command.command()
@click.argument("turn")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write (default: standard output).")
def prove(turn: str, output: Path | None) -> None:
    """Prove that the reply of a TURN was given; its id stands on the page "Why this reply?" and in the API's `trace_id`."""
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings())) as store:
        text = str(store.prove(turn))
    if output:
        output.write_text(text, "utf-8")
        click.echo(f"{output}: with the reply's text and the public key anybody can check it by `endonym ledger check`.")
    else:
        click.echo(text, nl=False)


@command.command()
@click.argument("proof", type=click.Path(path_type=Path, exists=True))
@click.option("--key", required=True, help="Public key of whoever gave the reply, from where they publish it.")
@click.option("--reply", type=click.Path(path_type=Path, exists=True), help="File with the text that is said to be the reply.")
@click.option("--witness", "witnesses", multiple=True, help="Public key of a witness that must have cosigned too.")
def check(proof: Path, key: str, reply: Path | None, witnesses: tuple[str, ...]) -> None:
    """Check a proof, without the server that made it. Exits with 1 where it proves nothing."""
    from endonym.ledger.note import VerifierKey
    from endonym.ledger.proof import Proof

    read = Proof.parse(proof.read_text("utf-8"))
    faults = read.faults(VerifierKey.parse(key), reply.read_bytes().decode("utf-8", errors="replace") if reply else None)
    faults += [f"the checkpoint is not cosigned by {one.name}" for one in map(VerifierKey.parse, witnesses) if not read.checkpoint.signed_by(one)]
    for fault in faults:
        click.echo(f"{click.style('error', fg='red', bold=True)} {fault}")
    if not faults:
        content = read.entry.content
        if kind := content.get("kind"):
            click.echo(f"{read.checkpoint.origin}: {kind} on {content.get('started')} (entry {read.entry.number} of {read.checkpoint.size}), no reply")
            sys.exit(1 if reply else 0)
        click.echo(f"{read.checkpoint.origin}: {content.get('model')} gave {'this' if reply else 'a'} reply on {content.get('started')} "
                   f"(entry {read.entry.number} of {read.checkpoint.size}, engine {content.get('engine')})")  # fmt: skip
    sys.exit(1 if faults else 0)


@command.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write, JSON lines.")
def export(output: Path) -> None:
    """Write every entry and checkpoint into a file for others to verify: metadata and digests, no text."""
    from endonym.ledger.export import write_export
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings())) as store:
        write_export(output, store.ledger(), store.checkpoints())
    click.echo(f"{output}: `endonym ledger verify --from {output}` goes through it.")


@command.command()
@click.option("--origin", "origins", multiple=True, required=True, help="Public key of a ledger to watch (`endonym ledger key` there); may be given often.")
@click.option("--state", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File that keeps what was seen; the witness's own key lies beside it.")
@click.option("--name", default="localhost/witness", show_default=True, help="Name that signs, unique in the world, such as witness.ministry.example.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), required=True, help="Port; 0 picks a free one and prints it.")
def witness(origins: tuple[str, ...], state: Path, name: str, host: str, port: int) -> None:
    """Watch the ledgers of others: cosign each checkpoint that only added to the one before, and refuse any other.

    Run it where the ledger's operator has no say: in a ministry, a university, another country. It needs no database and none of the ledger's
    entries. Keep the state file: a witness that forgets it can be told another history. It speaks the protocol of c2sp.org/tlog-witness;
    TLS is the business of the proxy before it. Ctrl-C stops.

    \b
    Example:
      endonym ledger witness --origin 'school.example/ledger+1a2b3c4d+AZ…' --state witness.json --name witness.ministry.example --port 8090
    """

    import structlog

    from endonym.core.errors import LedgerError
    from endonym.ledger.note import Signer, VerifierKey
    from endonym.ledger.witness import Witness
    from endonym.store.seal import signing_key
    from endonym.wiring.supervisor import listen
    from endonym.wiring.witness import serve_witness

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    logs = [VerifierKey.parse(origin) for origin in origins]
    for log in logs:
        if log.cosigns:
            raise LedgerError(f"--origin: expected the key of a ledger, found that of a witness, {log.name}", remedy="Ask for the line that `endonym ledger key` prints.")
    signer = Signer(name, signing_key(state.with_name(f"{state.name}.key")), cosigns=True)
    with closing(Witness(signer, logs, state)) as serving, listen(host, port) as listener:
        for log in logs:
            click.echo(f"watching {log.name}, known up to {serving.known(log.name):,} entries")
        address = f"http://{host}:{listener.getsockname()[1]}"
        click.echo(f'The operators of those ledgers put into endonym.toml, under the address that they reach:\n\n[witnesses.{_bare(name)}]\n'
                   f'url = "{address}"\nkey = "{signer.verifier}"\n')  # fmt: skip
        serve_witness(serving, f"A witness of ledgers (c2sp.org/tlog-witness).\n{signer.verifier}\n", listener)


def _bare(name: str) -> str:
    """A name as a key of TOML."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign == "-") else "-" for sign in name)
