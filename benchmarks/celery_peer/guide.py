"""The guide's `/predict`: FastAPI in front of Celery, in Celery's own environment; one request, one `.delay()`."""

import fastapi
from pydantic import BaseModel

from benchmarks.celery_peer.tasks import beat

app = fastapi.FastAPI()


class PredictRequest(BaseModel):
    """As FastAPI's users write it."""

    input: list[float]


@app.post("/predict")
async def predict(request: PredictRequest) -> dict[str, str]:
    """Accept: the task's id, to ask for later."""
    task = beat.delay(str(request.input))
    return {"task_id": task.id, "status": "processing"}
