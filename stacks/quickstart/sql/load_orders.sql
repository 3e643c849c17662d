-- Read from the application's database each night; the file goes to RAW.PUBLIC.ORDERS by COPY INTO.
select
    id,
    customer,
    ordered_at,
    store_id,
    subtotal,
    tax_paid,
    order_total,
    current_timestamp as _loaded_at
from jaffle_shop.public.orders;
