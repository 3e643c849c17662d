with orders as (
    select
        customer_id,
        count(distinct order_id) as count_lifetime_orders,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at,
        sum(subtotal) as lifetime_spend_pretax,
        sum(tax_paid) as lifetime_tax_paid,
        sum(order_total) as lifetime_spend
    from {{ ref('orders') }}
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
    case when orders.count_lifetime_orders > 1 then 'returning' else 'new' end as customer_type
from {{ ref('stg_customers') }} as customers
left join orders
    on customers.customer_id = orders.customer_id
