"""Peer: the API gateway: checks tokens, passes requests on, and places orders by calling one service after another."""
import os
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
import jwt
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from httpx_aiohttp import AiohttpTransport
from pydantic import BaseModel, Field

CUSTOMER = os.environ.get("PEER_CUSTOMER_URL", "http://127.0.0.1:18001")
ORDER = os.environ.get("PEER_ORDER_URL", "http://127.0.0.1:18002")
PAYMENT = os.environ.get("PEER_PAYMENT_URL", "http://127.0.0.1:18003")
SECRET = os.environ["PEER_JWT_SECRET"]


class Line(BaseModel):
    product_id: int
    quantity: int = Field(gt=0, le=1000)


class PaymentChoice(BaseModel):
    method: str
    token: str


class PlaceOrder(BaseModel):
    customer_id: int
    items: list[Line] = Field(min_length=1, max_length=100)
    payment: PaymentChoice


def client(base_url: str) -> httpx.AsyncClient:
    """httpx over aiohttp's connections: httpx's own pool looks at every connection for every request, at twice the CPU."""
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64, keepalive_expiry=60)
    transport = AiohttpTransport(limits=limits, trust_env=False)
    return httpx.AsyncClient(base_url=base_url, transport=transport, timeout=30, trust_env=False)


customer_service, order_service, payment_service = client(CUSTOMER), client(ORDER), client(PAYMENT)


@asynccontextmanager
async def lifespan(_: FastAPI):
    async with customer_service, order_service, payment_service:
        yield


app = FastAPI(title="API Gateway", lifespan=lifespan)


async def subject(request: Request) -> str:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    try:
        return jwt.decode(token, SECRET, ["HS256"], options={"require": ["sub", "exp"]})["sub"]
    except jwt.PyJWTError:
        raise HTTPException(401, "a valid token is needed", {"WWW-Authenticate": "Bearer"}) from None


Subject = Annotated[str, Depends(subject)]


async def ask(service: httpx.AsyncClient, method: str, path: str, document: dict | None = None) -> dict:
    """One call to a service; what it refuses, the caller is told, and what breaks is a 502."""
    try:
        answer = await service.request(method, path, json=document)
    except httpx.HTTPError as error:
        raise HTTPException(502, "a service did not answer") from error
    if answer.is_client_error:
        raise HTTPException(answer.status_code, answer.json().get("detail"))
    if not answer.is_success:
        raise HTTPException(502, "a service failed")
    return answer.json()


async def forward(request: Request, service: httpx.AsyncClient) -> Response:
    try:
        answer = await service.request(
            request.method, request.url.path, params=request.query_params, content=await request.body(),
            headers={"content-type": request.headers.get("content-type", "application/json")})
    except httpx.HTTPError as error:
        raise HTTPException(502, "a service did not answer") from error
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "up"}


@app.post("/auth/{path:path}")
async def auth(request: Request) -> Response:
    return await forward(request, customer_service)


@app.get("/products")
async def products(request: Request) -> Response:
    return await forward(request, order_service)


@app.post("/orders", status_code=201)
async def place_order(body: PlaceOrder, caller: Subject) -> dict:
    if caller != str(body.customer_id):
        raise HTTPException(403, "orders are placed for oneself")
    await ask(customer_service, "GET", f"/customers/{body.customer_id}")
    order = await ask(order_service, "POST", "/orders", body.model_dump(exclude={"payment"}))
    charge = {"order_id": order["id"], "customer_id": body.customer_id, "amount": order["total"]}
    payment = await ask(payment_service, "POST", "/payments", charge | body.payment.model_dump())
    return {"order": order, "payment": payment}


@app.get("/orders", dependencies=[Depends(subject)])
@app.get("/orders/{path:path}", dependencies=[Depends(subject)])
async def orders(request: Request) -> Response:
    return await forward(request, order_service)


@app.get("/customers/{path:path}", dependencies=[Depends(subject)])
async def customers(request: Request) -> Response:
    return await forward(request, customer_service)


@app.get("/payments", dependencies=[Depends(subject)])
@app.get("/payments/{path:path}", dependencies=[Depends(subject)])
async def payments(request: Request) -> Response:
    return await forward(request, payment_service)
