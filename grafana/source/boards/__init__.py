"""The dashboards, a file each."""

from grafana.source.boards import api, gpu, lanes, llm, overview, pipeline, redis
from grafana.source.panels import Board

BOARDS: tuple[Board, ...] = (
    overview.BOARD, lanes.BOARD, pipeline.BOARD, gpu.BOARD, llm.BOARD, api.BOARD, redis.BOARD,
)  # fmt: skip
