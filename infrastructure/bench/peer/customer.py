"""Peer: the customer service (PostgreSQL through SQLAlchemy and asyncpg). `python customer.py` makes its table."""
import asyncio
import os
import time
from contextlib import asynccontextmanager

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import FastAPI, HTTPException
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field
from sqlalchemy import String, make_url, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

URL = make_url(os.environ["POSTGRES_URL"]).set(drivername="postgresql+asyncpg")
SECRET = os.environ["PEER_JWT_SECRET"]
TOKEN_SECONDS = 900

engine = create_async_engine(URL, pool_size=16, max_overflow=0)
Session = async_sessionmaker(engine, expire_on_commit=False)
# Single reads need no BEGIN and no ROLLBACK around them.
Reading = async_sessionmaker(engine.execution_options(isolation_level="AUTOCOMMIT"))
hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "peer_customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    password: Mapped[str] = mapped_column(String(255))


class Registration(BaseModel):
    email: str = Field(min_length=3, max_length=255)
    password: str = Field(min_length=8, max_length=256)
    name: str = Field(min_length=1, max_length=255)


class Login(BaseModel):
    email: str
    password: str


class CustomerView(BaseModel):
    id: int
    email: str
    name: str


class SessionView(BaseModel):
    customer: CustomerView
    access_token: str
    token_type: str = "Bearer"
    expires_in: int = TOKEN_SECONDS


def view(customer: Customer) -> CustomerView:
    return CustomerView(id=customer.id, email=customer.email, name=customer.name)


def session_of(customer: Customer) -> SessionView:
    claims = {"sub": str(customer.id), "exp": int(time.time()) + TOKEN_SECONDS}
    return SessionView(customer=view(customer), access_token=jwt.encode(claims, SECRET, "HS256"))


async def prepare() -> None:
    """Once, before any worker serves: workers that made tables at the same time would race."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()


@asynccontextmanager
async def lifespan(_: FastAPI):
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    yield
    await engine.dispose()


app = FastAPI(title="Customer Service", lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "up"}


@app.post("/auth/register", status_code=201)
async def register(body: Registration) -> SessionView:
    password = await run_in_threadpool(hasher.hash, body.password)
    customer = Customer(email=body.email, name=body.name, password=password)
    async with Session() as session:
        session.add(customer)
        try:
            await session.commit()
        except IntegrityError:
            raise HTTPException(409, "email is taken") from None
    return session_of(customer)


async def find_by_email(session: AsyncSession, email: str) -> Customer | None:
    return (await session.execute(select(Customer).where(Customer.email == email))).scalar_one_or_none()


@app.post("/auth/login")
async def login(body: Login) -> SessionView:
    async with Reading() as session:
        customer = await find_by_email(session, body.email)
    try:
        if customer is None:
            raise VerifyMismatchError
        await run_in_threadpool(hasher.verify, customer.password, body.password)
    except VerifyMismatchError:
        raise HTTPException(401, "wrong email or password") from None
    return session_of(customer)


@app.get("/customers/{customer_id}")
async def get_customer(customer_id: int) -> CustomerView:
    async with Reading() as session:
        customer = await session.get(Customer, customer_id)
    if customer is None:
        raise HTTPException(404, "no such customer")
    return view(customer)


if __name__ == "__main__":
    asyncio.run(prepare())
