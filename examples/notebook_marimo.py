import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo
    from gan_atelier import Trainer

    trainer = mo.ui.anywidget(Trainer(dataset="ring", seed=7))
    trainer
    return mo, trainer


@app.cell
def _(mo, trainer):
    trainer.until(200)
    made = trainer.samples(100)
    mo.md(f"{len(trainer.losses)} steps, {trainer.metrics['modes']:.0f} modes, {made.shape[0]} points")
    return


if __name__ == "__main__":
    app.run()
