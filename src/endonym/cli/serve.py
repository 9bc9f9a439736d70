"""`endonym serve`: the tutor and the API on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from endonym.cli.progress import progress


@click.command(name="serve")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--port", type=int, help="Port; 0 picks a free one and prints it (default: the setting, 8080).")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that serve.")
@click.option("--demonstration", is_flag=True, default=None, help="Show engines without a fitness record, labelled, to everybody.")
@click.option("--worker", nargs=2, type=int, hidden=True, help="The listening socket and the file to report to, as the supervisor gives them.")
@click.option("--served", multiple=True, type=click.Path(path_type=Path), hidden=True, help="The bundles that other workers serve already.")
def command(
    paths: tuple[Path, ...], port: int | None, workers: int, demonstration: bool | None, worker: tuple[int, int] | None, served: tuple[Path, ...]
) -> None:  # fmt: skip
    """Serve packs (folders) or bundles (files). Ctrl-C stops; streams get 30 seconds to end.

    The signal HUP reads packs and settings anew, without dropping a request.

    \b
    Examples:
      endonym serve packs/estonia-upper-secondary packs/trinidad-and-tobago
      endonym serve ee.bundle --port 0
      endonym serve ee.bundle --workers 4
      kill -HUP <process>            # a new bundle lies there
    """
    import structlog

    from endonym.wiring.settings import read_settings

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    settings = read_settings(port=port, demonstration=demonstration)
    if worker:
        from endonym.wiring.worker import serve

        serve(served or paths, settings, progress(), *worker)
        return
    from endonym.wiring import telemetry
    from endonym.wiring.supervisor import Supervisor, listen, worker_command

    telemetry.begin(settings.state)
    with listen(settings.host, settings.port) as listener:
        address = f"http://{settings.host}:{listener.getsockname()[1]}"

        def started(said: dict[str, list[str]]) -> None:
            click.echo(f"Tutor  {address}/")
            for bundle_id in said["bundles"]:
                click.echo(f"       {address}/t/{bundle_id}")
            click.echo(f"API    {address}/v1   (base_url for any OpenAI client; no key on this machine)")
            click.echo("Ctrl-C stops.")

        sys.exit(Supervisor(worker_command(), workers, settings.grace_s, listener, started).run())
