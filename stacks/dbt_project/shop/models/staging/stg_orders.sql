select
    orders.id as order_id,
    orders.store_id as location_id,
    orders.customer as customer_id,
    orders.subtotal as subtotal_cents,
    orders.tax_paid as tax_paid_cents,
    orders.order_total as order_total_cents,
    (orders.subtotal / 100)::decimal(16, 2) as subtotal,
    (orders.tax_paid / 100)::decimal(16, 2) as tax_paid,
    (orders.order_total / 100)::decimal(16, 2) as order_total,
    orders.ordered_at::date as ordered_at
from {{ ref('raw_orders') }} as orders
