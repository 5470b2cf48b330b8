"""The command that serves."""

import click


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--processes", default=2, show_default=True, help="Server processes.")
@click.option("--threads", default=4, show_default=True, help="Threads in each process.")
def serve_command(host: str, port: int, processes: int, threads: int) -> None:
    """Serve pages and API, and keep the followers up, until Ctrl-C."""
    from registry.server import serve  # noqa: PLC0415 - gunicorn is not there on every system.

    click.echo(f"Serving on http://{host}:{port} – Ctrl-C stops it.")
    serve(host=host, port=port, processes=processes, threads=threads)
