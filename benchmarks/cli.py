"""The command line of the benchmarks: `python -m benchmarks --help`."""

from typing import Annotated

import typer

from benchmarks.profiled import profile_saturation

app = typer.Typer(add_completion=False, rich_markup_mode=None)

@app.command()
def main(
    profile: Annotated[str, typer.Option(help="Profile a regime.")] = "",
    store: Annotated[str, typer.Option(help="sqlite or postgresql.")] = "postgresql",
    walk: Annotated[str, typer.Option(help="paper (the whole dialogue) or taps.")] = "paper",
    people: Annotated[int, typer.Option(help="How many people take turns.")] = 1000,
    seconds: Annotated[float, typer.Option(help="Length of the window.")] = 15.0,
    top: Annotated[int, typer.Option(help="How many functions.")] = 25,
) -> None:
    """Measure."""
    if profile:
        typer.echo(profile_saturation(store, walk, people, seconds, top))
