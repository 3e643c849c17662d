create or replace table analytics.marts.customers as
with orders as (
    select
        customer_id,
        count(distinct order_id) as count_lifetime_orders,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at,
        sum(subtotal) as lifetime_spend_pretax,
        sum(tax_paid) as lifetime_tax_paid,
        sum(order_total) as lifetime_spend
    from analytics.marts.orders
    group by customer_id
)

select
    customers.customer_id,
    customers.customer_name,
    orders.count_lifetime_orders,
    orders.first_ordered_at,
    orders.last_ordered_at,
    orders.lifetime_spend_pretax,
    orders.lifetime_tax_paid,
    orders.lifetime_spend,
    iff(orders.count_lifetime_orders > 1, 'returning', 'new') as customer_type
from analytics.staging.stg_customers as customers
left join orders
    on customers.customer_id = orders.customer_id;
