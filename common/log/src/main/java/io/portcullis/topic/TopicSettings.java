package io.portcullis.topic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the settings of topics right where they differ from what their writer wants. */
final class TopicSettings {
  private static final Logger LOG = LoggerFactory.getLogger(TopicSettings.class);

  private final Admin admin;

  TopicSettings(Admin admin) {
    this.admin = admin;
  }

  /** Compares topics that exist, and changes those that differ. */
  void setRight(Collection<TopicSpec> specs) {
    if (specs.isEmpty()) {
      return;
    }
    var topics = specs.stream().map(TopicSpec::name).toList();
    var present =
        AdminCall.get(
            admin.describeConfigs(specs.stream().map(TopicSettings::resource).toList()).all(),
            "DescribeConfigs",
            topics);
    var changes = new HashMap<ConfigResource, Collection<AlterConfigOp>>();
    for (var spec : specs) {
      var resource = resource(spec);
      var wrong = wrong(spec, present.get(resource));
      if (!wrong.isEmpty()) {
        LOG.warn("topic {}: settings were different, set to {}", spec.name(), wrong);
        changes.put(resource, wrong.stream().map(TopicSettings::set).toList());
      }
    }
    if (!changes.isEmpty()) {
      AdminCall.get(admin.incrementalAlterConfigs(changes).all(), "AlterConfigs", topics);
    }
  }

  private static ConfigResource resource(TopicSpec spec) {
    return new ConfigResource(ConfigResource.Type.TOPIC, spec.name());
  }

  private static List<Map.Entry<String, String>> wrong(TopicSpec spec, Config present) {
    var wrong = new ArrayList<Map.Entry<String, String>>();
    for (var wanted : spec.settings().entrySet()) {
      if (!wanted.getValue().equals(present.get(wanted.getKey()).value())) {
        wrong.add(wanted);
      }
    }
    return wrong;
  }

  private static AlterConfigOp set(Map.Entry<String, String> setting) {
    return new AlterConfigOp(
        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET);
  }
}
