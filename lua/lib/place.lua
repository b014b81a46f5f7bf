-- Where a document stands inside its priority.
-- @include document

-- Start-time fair queueing inside each priority: a place is a virtual start, never before the clock nor before the tenant's last finish.
-- A document's finish is its start and its cost: a pipeline may say that its documents count as several.
local function next_place(tenant, priority, pipeline)
  local name = tenant .. ' ' .. priority
  local place = placed and placed[name]
  if not place then
    local clock = tonumber(redis.call('ZSCORE', key('place'), priority) or 0)
    place = math.max(clock, tonumber(redis.call('HGET', tenant_key(tenant), priority) or 0))
  end
  placed = placed or {}
  placed[name] = place + (tonumber(planned(pipeline, 'cost')) or 1)
  return place
end

local function keep_places()
  for name, place in pairs(placed) do
    local tenant, priority = string.match(name, '^(.+) (%d)$')
    redis.call('HSET', tenant_key(tenant), priority, place)
  end
end
