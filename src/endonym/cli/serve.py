"""`endonym serve`: the tutor and the API on this machine."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import click

from endonym.cli.progress import progress


@click.command(name="serve")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--port", type=int, help="Port; 0 picks a free one and prints it (default: the setting, 8080).")
@click.option("--demonstration", is_flag=True, default=None, help="Show engines without a fitness record, labelled, to everybody.")
def command(paths: tuple[Path, ...], port: int | None, demonstration: bool | None) -> None:
    """Serve packs (folders) or bundles (files). Ctrl-C stops.

    \b
    Examples:
      endonym serve packs/estonia-upper-secondary packs/trinidad-and-tobago
      endonym serve ee.bundle --port 0
      endonym serve packs/trinidad-and-tobago --demonstration
    """
    import structlog
    import uvicorn

    from endonym.core.errors import SettingsError
    from endonym.wiring.app import App
    from endonym.wiring.compose import Composition
    from endonym.wiring.settings import read_settings

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    settings = read_settings(port=port, demonstration=demonstration)
    listener = socket.socket(socket.AF_INET6 if settings.host == "::1" else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        raise SettingsError(f"port {settings.port} on {settings.host}: {error.strerror}", origin="--port",
                            remedy="Stop what uses it, or give --port 0.") from None  # fmt: skip
    composition = Composition(settings, progress())
    assistants = {}
    for path in paths:
        bundle = composition.bundle(path)
        assistants[bundle.id] = composition.assistant(bundle)
    app = App(assistants, composition)
    address = f"http://{settings.host}:{listener.getsockname()[1]}"
    click.echo(f"Tutor  {address}/")
    for bundle_id in assistants:
        click.echo(f"       {address}/t/{bundle_id}")
    click.echo(f"API    {address}/v1   (base_url for any OpenAI client; no key on this machine)")
    click.echo("Ctrl-C stops.")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=5))
    server.run(sockets=[listener])
