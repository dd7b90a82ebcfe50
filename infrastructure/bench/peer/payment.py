"""Peer: the payment service (MongoDB through PyMongo's asyncio client). `python payment.py` makes its index."""
import asyncio
import os
from contextlib import asynccontextmanager

from bson import ObjectId
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from pymongo import AsyncMongoClient

client = AsyncMongoClient(os.environ["MONGODB_URL"])
payments = client.get_default_database("peer")["peer_payments"]


class Money(BaseModel):
    amount: int = Field(gt=0)
    currency: str


class NewPayment(BaseModel):
    order_id: int
    customer_id: int
    amount: Money
    method: str
    token: str


class PaymentView(BaseModel):
    id: str
    order_id: int
    customer_id: int
    amount: Money
    method: str
    status: str


def view(payment: dict) -> PaymentView:
    return PaymentView(id=str(payment["_id"]), **{name: payment[name] for name in payment if name != "_id"})


async def prepare() -> None:
    """Once, before any worker serves."""
    await payments.create_index("order_id")
    await client.close()


@asynccontextmanager
async def lifespan(_: FastAPI):
    await client.admin.command("ping")
    yield
    await client.close()


app = FastAPI(title="Payment Service", lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "up"}


@app.post("/payments", status_code=201)
async def process(body: NewPayment) -> PaymentView:
    payment = {"_id": ObjectId(), **body.model_dump(exclude={"token"}), "status": "captured"}
    await payments.insert_one(payment)
    return view(payment)


@app.get("/payments")
async def list_payments(order_id: int) -> list[PaymentView]:
    return [view(payment) async for payment in payments.find({"order_id": order_id}).limit(20)]


@app.get("/payments/{payment_id}")
async def get_payment(payment_id: str) -> PaymentView:
    payment = await payments.find_one({"_id": ObjectId(payment_id)}) if ObjectId.is_valid(payment_id) else None
    if payment is None:
        raise HTTPException(404, "no such payment")
    return view(payment)


if __name__ == "__main__":
    asyncio.run(prepare())
