"""Peer: the order service (MySQL through SQLAlchemy and aiomysql). `python order.py` makes and seeds its tables."""
import asyncio
import json
import os
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import JSON, BigInteger, String, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

URL = make_url(os.environ["MYSQL_URL"]).set(drivername="mysql+aiomysql")
CATALOGUE = Path(__file__).resolve().parents[2] / "xtask" / "seed" / "catalogue.json"

engine = create_async_engine(URL, pool_size=16, max_overflow=0)
Session = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "peer_products"
    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))


class Order(Base):
    __tablename__ = "peer_orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    items: Mapped[list] = mapped_column(JSON)


class Money(BaseModel):
    amount: int
    currency: str


class Line(BaseModel):
    product_id: int
    quantity: int = Field(gt=0, le=1000)


class NewOrder(BaseModel):
    customer_id: int
    items: list[Line] = Field(min_length=1, max_length=100)


class PricedLine(Line):
    sku: str
    name: str
    unit_price: Money
    total: Money


class OrderView(BaseModel):
    id: int
    customer_id: int
    items: list[PricedLine]
    total: Money


class ProductView(BaseModel):
    id: int
    sku: str
    name: str
    price: Money


class Products(BaseModel):
    items: list[ProductView]
    next_cursor: str | None = None


def view(order: Order) -> OrderView:
    total = Money(amount=order.amount, currency=order.currency)
    return OrderView(id=order.id, customer_id=order.customer_id, items=order.items, total=total)


def priced(line: Line, product: Product | None) -> PricedLine:
    if product is None:
        raise HTTPException(404, f"no such product: {line.product_id}")
    return PricedLine(
        product_id=line.product_id, quantity=line.quantity, sku=product.sku, name=product.name,
        unit_price=Money(amount=product.amount, currency=product.currency),
        total=Money(amount=product.amount * line.quantity, currency=product.currency))


async def price(session: AsyncSession, lines: list[Line]) -> list[PricedLine]:
    wanted = select(Product).where(Product.id.in_({line.product_id for line in lines}))
    products = {product.id: product for product in (await session.execute(wanted)).scalars()}
    return [priced(line, products.get(line.product_id)) for line in lines]


async def prepare() -> None:
    """Once, before any worker serves: workers that made tables at the same time would race."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        if await session.scalar(select(Product.id).limit(1)) is None:
            session.add_all(Product(sku=seed["sku"], name=seed["name"], **seed["price"])
                            for seed in json.loads(CATALOGUE.read_text("utf-8")))
            await session.commit()
    await engine.dispose()


@asynccontextmanager
async def lifespan(_: FastAPI):
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    yield
    await engine.dispose()


app = FastAPI(title="Order Service", lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "up"}


@app.get("/products")
async def list_products() -> Products:
    async with Session() as session:
        rows = (await session.execute(select(Product).order_by(Product.id).limit(100))).scalars().all()
    return Products(items=[
        ProductView(id=row.id, sku=row.sku, name=row.name, price=Money(amount=row.amount, currency=row.currency))
        for row in rows])


@app.post("/orders", status_code=201)
async def create(body: NewOrder) -> OrderView:
    async with Session() as session:
        lines = await price(session, body.items)
        order = Order(
            customer_id=body.customer_id, amount=sum(line.total.amount for line in lines),
            currency=lines[0].total.currency, items=[line.model_dump() for line in lines])
        session.add(order)
        await session.commit()
    return view(order)


@app.get("/orders")
async def list_orders(customer_id: int) -> list[OrderView]:
    latest = select(Order).where(Order.customer_id == customer_id).order_by(Order.id.desc()).limit(20)
    async with Session() as session:
        return [view(order) for order in (await session.execute(latest)).scalars()]


@app.get("/orders/{order_id}")
async def get_order(order_id: int) -> OrderView:
    async with Session() as session:
        order = await session.get(Order, order_id)
    if order is None:
        raise HTTPException(404, "no such order")
    return view(order)


if __name__ == "__main__":
    asyncio.run(prepare())
